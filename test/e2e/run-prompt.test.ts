import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run } from '../helpers/program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

let cwd: string;
let terminal: Terminal;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'run-prompt-'));
});
afterEach(async () => {
  terminal.dispose();
  await rm(cwd, { recursive: true, force: true });
});

function runInTerminal(script: string): void {
  const args = [PROGRAM, 'run', '--to', 'p.json', '--', 'bash', '-c', script];
  terminal = openTerminal(process.execPath, args, { cwd, env: { TASKGLASS_HOME: path.join(cwd, '.home') } });
}

async function questionOf(): Promise<string | undefined> {
  return JSON.parse(await readFile(path.join(cwd, 'p.json'), 'utf8')).activeTasks[0].question?.text;
}

// Nothing but Linux tells what a process waits for.
describe.runIf(process.platform === 'linux')('a prompt that waits', () => {
  it('is the task’s question until it is answered', async () => {
    runInTerminal(
      String.raw`read -p $'\e[1mName?\e[0m ' x; stty -echo; printf 'Key: '; read y; printf 'Working: '; sleep 30`,
    );
    await eventually(async () => expect(await questionOf()).toBe('Name? '));
    const { stdout } = await run(['p.json', '--once', '--json'], { cwd });
    expect(JSON.parse(stdout).tasks[0]).toMatchObject({
      status: 'needs-input',
      question: { text: 'Name?' },
    });
    terminal.type('Bob\r');
    await eventually(async () => expect(await questionOf()).toBe('Key: '));
    terminal.type('secret\r');
    await terminal.until('Working:');
    await eventually(async () => expect(await questionOf()).toBeUndefined());
    terminal.type('\u0003');
    await terminal.exitCode;
  });
});
