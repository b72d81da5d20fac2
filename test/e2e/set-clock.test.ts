/** The program while somebody sets the clock of its machine; libfaketime sets the wall clock, and nothing else. */
import { globSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, type Running, run, start } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal } from '../helpers/terminal.ts';

const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
const LONG_AGO = Date.now() - 3 * 86_400_000;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let env: Record<string, string>;
let running: Running | null = null;

beforeEach(async () => {
  directory = await temporaryDirectory();
  env = {
    LD_PRELOAD: LIBRARY ?? '',
    FAKETIME_TIMESTAMP_FILE: directory.file('clock'),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    TASKGLASS_HOME: directory.file('.home'),
    TASKGLASS_TOKEN: 'between-us',
  };
  setClock('+0');
});
afterEach(async () => {
  running?.process.kill('SIGTERM');
  await running?.ended;
  running = null;
  await directory[Symbol.asyncDispose]();
});

function setClock(by: string): void {
  writeFileSync(directory.file('clock'), `${by}\n`);
}

/** A state with what ended long ago, so that nothing on the screen moves with time, and a running task if it has a name. */
function writeState(name?: string): void {
  const old = { taskId: 'old', taskName: 'Old one', status: 'completed', startedAt: LONG_AGO };
  const tasks = [{ ...old, completedAt: LONG_AGO + 60_000, totalSteps: 0, currentStepIndex: 0, steps: [] }];
  const task = { taskId: 'new', taskName: name, status: 'failed', totalSteps: 0, currentStepIndex: 0 };
  const activeTasks = name === undefined ? tasks : [...tasks, { ...task, startedAt: LONG_AGO, steps: [] }];
  const state = { version: 1, timestamp: LONG_AGO, widgets: {}, errors: {}, activeTasks };
  writeFileSync(directory.file('state.json'), JSON.stringify(state));
}

describe.skipIf(LIBRARY === undefined).each(['-1h', '+3h', '-30d'])('after the clock was set by %s', (by) => {
  it('the view shows what arrives, and so it does when the clock is right again', async () => {
    writeState();
    const terminal = openTerminal(process.execPath, [PROGRAM, 'state.json'], { cwd: directory.path, env });
    try {
      await terminal.until('Old one');
      setClock(by);
      writeState('After the jump');
      await terminal.until('After the jump');
      setClock('+0');
      writeState('Right again');
      await terminal.until('Right again');
      terminal.type('q');
      expect(await terminal.exitCode).toBe(0);
    } finally {
      terminal.dispose();
    }
  });

  it('serve tells what arrives', async () => {
    writeState();
    running = start(['serve', 'state.json', '--port', '0'], { cwd: directory.path, env });
    const lines = createInterface({ input: running.process.stdout as Readable });
    const url = await new Promise<string>((resolve) => lines.once('line', resolve));
    const ending = new AbortController();
    const response = await fetch(`${url}/events`, {
      headers: { authorization: 'Bearer between-us' },
      signal: ending.signal,
    });
    let told = '';
    const reading = (async () => {
      for await (const piece of response.body ?? []) told += Buffer.from(piece).toString();
    })().catch(() => {});
    await eventually(() => expect(told).toContain('Old one'));
    for (const [offset, name] of [
      [by, 'After the jump'],
      ['+0', 'Right again'],
    ] as const) {
      setClock(offset);
      writeState(name);
      await eventually(() => expect(told).toContain(name));
    }
    ending.abort();
    await reading;
  });

  it('a run can be cancelled', async () => {
    running = start(['run', '--name', 'Long one', '--', 'sleep', '60'], { cwd: directory.path, env });
    const id = await eventually(async () => {
      const { stdout } = await run(['--once', '--json'], { cwd: directory.path, env });
      const found = JSON.parse(stdout).tasks.find((task: { name: string }) => task.name === 'Long one');
      expect(found?.status).toBe('running');
      return found.id;
    });
    setClock(by);
    expect(await run(['send', 'cancel', id], { cwd: directory.path, env })).toMatchObject({ code: 0 });
    expect((await running.ended).code).toBe(143);
  });
});
