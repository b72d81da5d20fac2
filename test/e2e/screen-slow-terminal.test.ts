import { writeFile } from 'node:fs/promises';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScreen } from '../helpers/bundle-screen.ts';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let program = '';

beforeAll(async () => {
  directory = await temporaryDirectory();
  program = await bundleScreen(directory.path);
  const tasks = Array.from({ length: 3_000 }, (_, index) => ({
    taskId: `t${index}`,
    taskName: `task number ${index} with a name of some length`,
    status: 'running',
    steps: [],
  }));
  await writeFile(directory.file('state.json'), JSON.stringify({ activeTasks: tasks }));
});
afterAll(() => directory[Symbol.asyncDispose]());

/** Runs the screen with much news, and stops reading what it writes once it is up. */
async function openAndLookAway() {
  const options = JSON.stringify({ scene: 'many', count: 60, newsEveryMs: 5, app: { fps: 60 } });
  const pty = spawn(process.execPath, [program, options], { cols: 200, rows: 50, name: 'xterm-256color' });
  const told = { text: '' };
  pty.onData((data) => {
    told.text += data;
  });
  await eventually(() => expect(told.text).toContain('task number'));
  pty.pause();
  await new Promise((resolve) => setTimeout(resolve, 3_000)); // what lies between fills up meanwhile
  return { pty, told };
}

describe.concurrent('a terminal that takes nothing', () => {
  it('does not keep the program from ending', async () => {
    const { pty } = await openAndLookAway();
    process.kill(pty.pid, 'SIGTERM');
    await eventually(() => expect(isRunning(pty.pid)).toBe(false));
    pty.resume();
  });

  it('gets the newest frame when it reads again, not those it missed', async () => {
    const { pty, told } = await openAndLookAway();
    const before = told.text.length;
    pty.resume();
    await eventually(() => expect(told.text.length).toBeGreaterThan(before));
    pty.write('q');
    await eventually(() => expect(told.text).toContain('ended by quit'));
    expect(told.text.length - before).toBeLessThan(200_000);
  });
});

describe.concurrent.each(['--plain', '--json'])('a terminal that takes nothing of %s', (output) => {
  it.each(['SIGTERM', 'SIGINT'] as const)('does not keep %s from ending it', async (signal) => {
    const pty = spawn(process.execPath, [PROGRAM, output, directory.file('state.json')], {
      name: 'xterm-256color',
      env: { ...process.env, CI: '', TASKGLASS_HOME: directory.file('home') },
    });
    const exit = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
    await new Promise<void>((resolve) => {
      pty.onData(() => {
        pty.pause(); // at the first of it: the rest finds no taker
        resolve();
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // what lies between fills up meanwhile
    process.kill(pty.pid, signal);
    await eventually(() => expect(isRunning(pty.pid)).toBe(false));
    pty.resume();
    expect(await exit).toBe(signal === 'SIGTERM' ? 143 : 130);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
