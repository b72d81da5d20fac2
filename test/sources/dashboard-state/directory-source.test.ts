import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import { createMonitor } from '../../../src/monitor.ts';
import { createStateFileReporter } from '../../../src/publish/dashboard-state/reporter.ts';
import { createStateDirectorySource } from '../../../src/sources/dashboard-state/directory-source.ts';
import { allEntries } from '../../../src/store/state.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';

async function openDirectory(existing?: string) {
  const directory = existing ?? (await mkdtemp(path.join(tmpdir(), 'runs-')));
  const source = createStateDirectorySource({ id: sourceId('runs'), directory, clock: hurriedClock });
  const monitor = createMonitor({ sources: [source], clock: hurriedClock });
  const file = (name: string) => path.join(directory, `${name}.json`);
  return {
    directory,
    file,
    monitor,
    statuses: () =>
      Object.fromEntries(allEntries(monitor.getState()).map(({ task }) => [task.name, task.state.status])),
    async [Symbol.asyncDispose]() {
      await monitor.close();
      await rm(directory, { recursive: true });
    },
  };
}

const until = (check: () => void) => eventually(check);

describe('a directory of state files', () => {
  it('is live when it is empty, and shows the tasks of each file that comes, until the file goes', async () => {
    await using runs = await openDirectory();
    await until(() => expect(runs.monitor.getState().sources.get(sourceId('runs'))?.status).toBe('live'));

    const first = createStateFileReporter({ file: runs.file('first') });
    const second = createStateFileReporter({ file: runs.file('second') });
    const one = await first.start({ title: 'First', steps: ['a'] });
    await second.start({ title: 'Second', steps: ['a'] });
    await until(() => expect(runs.statuses()).toEqual({ First: 'running', Second: 'running' }));

    await one.complete();
    await until(() => expect(runs.statuses()).toEqual({ First: 'completed', Second: 'running' }));

    await rm(runs.file('second'));
    await until(() => expect(runs.statuses()).toEqual({ First: 'completed' }));
    await Promise.all([first.close(), second.close()]);
  });

  it('sends a cancel to the emitter of the right file', async () => {
    await using runs = await openDirectory();
    const first = createStateFileReporter({ file: runs.file('first'), taskId: 'one' });
    const second = createStateFileReporter({ file: runs.file('second'), taskId: 'two' });
    const one = await first.start({ title: 'First', steps: ['a'] });
    const two = await second.start({ title: 'Second', steps: ['a'] });
    await until(() => expect(Object.keys(runs.statuses())).toHaveLength(2));

    const task = allEntries(runs.monitor.getState()).find((entry) => entry.task.nativeId === 'two')?.task;
    expect(await runs.monitor.send(task?.id ?? ('' as never), 'cancel')).toEqual({ kind: 'sent' });
    expect([one.signal.aborted, two.signal.aborted]).toEqual([false, true]);
    await Promise.all([first.close(), second.close()]);
  });

  it('reports what is wrong with one file, and continues with the others', async () => {
    await using runs = await openDirectory();
    const good = createStateFileReporter({ file: runs.file('good') });
    await good.start({ title: 'Good', steps: ['a'] });
    await writeFile(runs.file('bad'), randomBytes(100));
    await until(() => {
      const record = runs.monitor.getState().sources.get(sourceId('runs'));
      expect(record).toMatchObject({
        status: 'live',
        problem: { kind: 'malformed', message: expect.stringContaining('bad.json') },
      });
    });
    await until(() => expect(runs.statuses()).toEqual({ Good: 'running' }));
    await good.close();
  });

  it('reports it from the start, and no more once the file is well or gone', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'runs-'));
    await writeFile(path.join(directory, 'bad.json'), '{"version":1');
    await writeFile(path.join(directory, 'worse.json'), 'nonsense');
    await using runs = await openDirectory(directory);
    const record = () => runs.monitor.getState().sources.get(sourceId('runs'));
    const message = (file: string) => ({ problem: { message: expect.stringContaining(file) } });
    await until(() => expect(record()).toMatchObject({ status: 'live', ...message('bad.json') }));

    await writeFile(runs.file('bad'), '{"version":1,"timestamp":1,"activeTasks":[]}');
    await until(() => expect(record()).toMatchObject(message('worse.json')));
    await rm(runs.file('worse'));
    await until(() => expect(record()).toMatchObject({ status: 'live', problem: null }));
  });

  it('follows a file that is written again under its name', async () => {
    await using runs = await openDirectory();
    const reporter = createStateFileReporter({ file: runs.file('a') });
    const report = await reporter.start({ title: 'Again', steps: ['a'] });
    await until(() => expect(runs.statuses()).toEqual({ Again: 'running' }));
    await report.fail('no luck');
    await until(() => expect(runs.statuses()).toEqual({ Again: 'failed' }));
    const text = await readFile(runs.file('a'), 'utf8');
    await writeFile(
      `${runs.directory}/a.tmp`,
      text.replace('"failed","currentStep"', '"completed","currentStep"'),
    );
    await chmod(`${runs.directory}/a.tmp`, 0o600);
    await rename(`${runs.directory}/a.tmp`, runs.file('a'));
    await until(() => expect(runs.statuses()).toEqual({ Again: 'completed' }));
    await reporter.close();
  });

  it('of very many files shows the newest, and what still runs, whatever their names', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'runs-'));
    const write = async (name: string, status: string, minutesAgo: number) => {
      const file = path.join(directory, `${name}.json`);
      const activeTasks = [{ taskId: name, taskName: name, status, steps: [], totalSteps: 0 }];
      await writeFile(file, JSON.stringify({ version: 1, timestamp: 1, activeTasks }));
      const at = new Date(Date.now() - minutesAgo * 60_000);
      await utimes(file, at, at);
    };
    for (let n = 0; n < 240; n += 1) await write(`nightly-${n}`, 'completed', 100 + n);
    await write('a long one', 'running', 1_000);
    await write('a new one', 'completed', 1);
    await using runs = await openDirectory(directory);
    await until(() => expect(Object.keys(runs.statuses())).toHaveLength(201));
    expect(runs.statuses()).toMatchObject({
      'a long one': 'running',
      'a new one': 'completed',
      'nightly-0': 'completed',
    });
    expect(runs.statuses()).not.toHaveProperty('nightly-239');

    await write('the next', 'running', 0);
    await until(() =>
      expect(runs.statuses()).toMatchObject({ 'the next': 'running', 'a long one': 'running' }),
    );
  });
});
