import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run, start } from '../helpers/program.ts';
import { openTerminal } from '../helpers/terminal.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'discover-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<void> {
  const file = path.join(cwd, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
const FOUND = /^taskglass: found here: 1 checklist \(taskglass config discover lists it\)\r?$/mu;

it('shows what appears without a restart, and says on stderr what was found at first', async () => {
  await put('specs/001-a/tasks.md', '- [ ] one\n');
  const { process: child, ended } = start(['--plain'], { cwd });
  let said = '';
  child.stdout?.on('data', (data) => {
    said += data;
  });
  await eventually(() => expect(said).toContain('001-a'));
  await put('other/specs/002-b/tasks.md', '- [ ] two\n');
  await eventually(() => expect(said).toContain('002-b'));
  child.kill('SIGTERM');
  const { stderr } = await ended;
  expect(stderr).toMatch(FOUND);
});

it('leaves stderr alone where a document was asked for, or a source was named', async () => {
  await put('specs/001-a/tasks.md', '- [ ] one\n');
  for (const words of [
    ['--once', '--json'],
    ['.', '--once'],
    ['specs/001-a/tasks.md', '--once'],
  ])
    expect((await run(words, { cwd })).stderr).toBe('');
});

it('says it on the screen in passing, shows what appears, and leaves the line behind', async () => {
  await put('specs/001-a/tasks.md', '- [ ] one\n');
  const env = { HOME: path.join(cwd, '.home'), TASKGLASS_HOME: path.join(cwd, '.home') };
  const terminal = openTerminal(process.execPath, [PROGRAM], { cwd, env });
  await terminal.until('found here: 1 checklist');
  await terminal.until('001-a');
  await put('other/specs/002-b/tasks.md', '- [ ] two\n');
  await terminal.until('002-b');
  terminal.type('q');
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toMatch(FOUND);
  terminal.dispose();
});
