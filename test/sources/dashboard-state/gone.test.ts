import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { isRunning } from '../../../src/sources/dashboard-state/is-running.ts';
import { createDashboardStateSource } from '../../../src/sources/dashboard-state/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView, type View } from '../source-contract.ts';

const program = new URL('../../helpers/endless-emitter.ts', import.meta.url);

describe.runIf(existsSync('/proc/self/stat'))('the tasks of a process that is gone', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let path: string;
  let emitter: ChildProcess;
  let view: View;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    path = directory.file('state.json');
    emitter = fork(program, [path]);
    await once(emitter, 'message');
    view = openView(createDashboardStateSource({ id: sourceId('s'), path, clock: hurriedClock }));
    await view.live();
  });
  afterEach(async () => {
    await kill();
    await view.close();
    await directory[Symbol.asyncDispose]();
  });

  async function kill(): Promise<void> {
    if (emitter.exitCode !== null || emitter.signalCode !== null) return;
    emitter.kill('SIGKILL');
    await once(emitter, 'exit');
  }
  const change = async (change: (text: string) => string) =>
    writeFile(path, change(await readFile(path, 'utf8')));
  const RUNNING = { a: 'running', b: 'completed', c: 'failed' };

  it('have failed, which is noticed without any news', async () => {
    expect(view.statuses()).toEqual(RUNNING);
    expect(await isRunning(path)).toBe(true);
    await kill();
    await eventually(() => expect(view.statuses()).toEqual({ ...RUNNING, a: 'failed' }));
    expect(view.task('a')).toMatchObject({
      state: { status: 'failed', error: 'its process is gone', endedAt: null },
      steps: [
        { status: 'failed', progress: 40 },
        { status: 'pending', progress: null },
      ],
    });
    expect(await isRunning(path)).toBe(false);
  });

  it('take no commands any more, and say why', async () => {
    expect(view.task('c').offers).toEqual([{ command: 'retry', refusal: null }]);
    await kill();
    const refusal = 'its process is gone, and nobody else listens';
    await eventually(() => expect(view.task('c').offers).toEqual([{ command: 'retry', refusal }]));
    expect(view.task('a').offers).toEqual([{ command: 'retry', refusal }]);
  });

  it('have failed, too, if the machine was restarted', async () => {
    await change((text) => text.replace(/"boot":"[^"]*"/u, '"boot":"another"'));
    await eventually(() => expect(view.statuses()).toEqual({ ...RUNNING, a: 'failed' }));
  });

  it.each([
    ['another machine', /"machine":"[^"]*"/u, '"machine":"another"'],
    ['another container', /"namespace":"[^"]*"/u, '"namespace":"another"'],
    ['an emitter that does not tell', /,"process":\{[^}]*\}/u, ''],
  ])('are as they were last where they are of %s', async (_whose, what, by) => {
    await kill();
    await eventually(() => expect(view.statuses()).toEqual({ ...RUNNING, a: 'failed' }));
    await change((text) => text.replace(what, by));
    await eventually(() => expect(view.statuses()).toEqual(RUNNING));
    expect(await isRunning(path)).toBe(true);
  });

  it('are shown as they are again if another process takes over', async () => {
    await kill();
    await eventually(() => expect(view.statuses()).toEqual({ ...RUNNING, a: 'failed' }));
    emitter = fork(program, [path]);
    await eventually(() => expect(view.statuses()).toEqual(RUNNING));
  });
});
