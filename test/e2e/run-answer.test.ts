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
  cwd = await mkdtemp(path.join(tmpdir(), 'run-answer-'));
});
afterEach(async () => {
  terminal.dispose();
  await rm(cwd, { recursive: true, force: true });
});

function runInTerminal(script: string): void {
  const args = [PROGRAM, 'run', '--to', 'p.json', '--', 'bash', '-c', script];
  terminal = openTerminal(process.execPath, args, { cwd, env: { TASKGLASS_HOME: path.join(cwd, '.home') } });
}

async function task() {
  return JSON.parse(await readFile(path.join(cwd, 'p.json'), 'utf8')).activeTasks[0];
}
const asks = (text: string) => eventually(async () => expect((await task()).question?.text).toBe(text));
const answer = (text: string) => run(['send', 'answer', 'p', text, 'p.json'], { cwd });

// Nothing but Linux tells what a process waits for.
describe.runIf(process.platform === 'linux')('an answer to a prompt of a run', () => {
  it('is typed into its terminal, by number or as a text, and noted', async () => {
    runInTerminal(
      `read -p 'Continue [yes/no]? ' a; read -p 'Name? ' b; echo "got $a and $b"; stty -echo; read -p 'Code: ' c; echo "then $c"; sleep 30`,
    );
    await asks('Continue [yes/no]? ');
    expect((await task()).question.choices).toEqual(['yes', 'no']);
    expect(await answer('2')).toMatchObject({ code: 0 });
    await asks('Name? ');
    expect(await answer('Bob $(id) ; "x"')).toMatchObject({ code: 0 });
    await terminal.until('got no and Bob $(id) ; "x"');
    expect((await task()).answers.map((each: { text: string }) => each.text)).toEqual([
      'no',
      'Bob $(id) ; "x"',
    ]);

    await asks('Code: ');
    const refused = await answer('1234');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('it asks for a secret: type it in its own terminal');
    terminal.type('5678\r');
    await terminal.until('then 5678');
    expect((await answer('late')).stderr).toMatch(/asks nothing, or it was answered already/);
    terminal.type('\u0003');
    await terminal.exitCode;
  });
});
