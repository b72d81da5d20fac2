import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainUnstartable, isStartable, startError } from '../../src/run/startable.ts';
import { PROGRAM, run } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal } from '../helpers/terminal.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let cwd: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  cwd = directory.path;
  const make = async (name: string, text: string, mode: number) => {
    await writeFile(directory.file(name), text);
    await chmod(directory.file(name), mode);
  };
  await make('plain', 'text', 0o644);
  await make('orphan', '#!/no/such\n', 0o755);
  await make('orphan-dos', '#!/bin/sh\r\nexit 3\r\n', 0o755);
  await mkdir(directory.file('folder'));
  await symlink('loop', directory.file('loop'));
  await symlink('nowhere', directory.file('dangling'));
});
afterEach(() => directory[Symbol.asyncDispose]());

async function errorOfTask(): Promise<string> {
  const runs = directory.file('.home/runs');
  const [name = ''] = (await readdir(runs)).filter((name) => name.endsWith('.json'));
  return JSON.parse(await readFile(path.join(runs, name), 'utf8')).activeTasks[0].error;
}

const commands: [string, readonly string[], number, RegExp][] = [
  ['no such file', ['./nosuch'], 127, /^no such command: \.\/nosuch$/u],
  ['no such command', ['no-such-command'], 127, /^no such command: no-such-command$/u],
  ['a link to nothing', ['./dangling'], 127, /^no such command/u],
  ['a file that is not executable', ['./plain'], 126, /it is not executable for this user \(EACCES\)$/u],
  ['a directory', ['./folder'], 126, /\(EACCES\)$/u],
  ['the root', ['/'], 126, /\(EACCES\)$/u],
  ['a file as a directory', ['./plain/x'], 126, /part of its path is not a directory \(ENOTDIR\)$/u],
  ['a circle of links', ['./loop'], 126, /too many links \(ELOOP\)$/u],
  [
    'a name of 300 letters',
    ['x'.repeat(300)],
    126,
    /^x{79}… can't be started: its name is too long \(ENAMETOOLONG\)$/u,
  ],
  ['a path of 6,000 letters', [`./${'d/'.repeat(3_000)}`], 126, /its name is too long \(ENAMETOOLONG\)$/u],
  ['a script without its interpreter', ['./orphan'], 127, /there is no \/no\/such to run it$/u],
  ['a script with the line ends of DOS', ['./orphan-dos'], 127, /its first line ends with CR LF \(DOS\)$/u],
];

describe('what cannot be started', () => {
  it.each(commands)('over pipes: %s', async (_what, words, code, why) => {
    const ended = await run(['run', '--', ...words], { cwd });
    expect({ code: ended.code, stdout: ended.stdout, lines: ended.stderr.split('\n').length }).toEqual({
      code,
      stdout: '',
      lines: 2,
    });
    expect(ended.stderr).toMatch(/^taskglass: run: /u);
    expect(ended.stderr.slice('taskglass: run: '.length).trim()).toMatch(why);
    expect(await errorOfTask()).toMatch(why);
  });

  it.each(commands)('before it is tried: %s', (_what, [command = ''], code, why) => {
    const place = { cwd, env: { PATH: process.env.PATH } };
    expect(isStartable(command, place)).toBe(false);
    const explained = explainUnstartable(command, startError(command, place), place);
    expect(explained).toEqual({ code, why: expect.stringMatching(why) });
  });

  it('is not taken for what is found where the system looks without a PATH', () => {
    expect(isStartable('sh', { cwd, env: {} })).toBe(true);
  });

  it('is not detached', async () => {
    const ended = await run(['run', '--detach', '--', 'no-such-command'], { cwd });
    expect(ended).toMatchObject({ code: 127, stdout: '' });
    expect(ended.stderr).toBe('taskglass: run: no such command: no-such-command\n');
  });

  it.each(commands)('in a terminal: %s', async (_what, words, code, why) => {
    const env = { TASKGLASS_HOME: directory.file('.home') };
    const terminal = openTerminal(process.execPath, [PROGRAM, 'run', '--', ...words], { cwd, env });
    expect(await terminal.exitCode).toBe(code);
    const said = terminal.screen().replace(/\n/gu, '').trim();
    expect(said.replace(/^taskglass: run: /u, '').replace(/ \(write .*$/u, '')).toMatch(why);
    terminal.dispose();
    expect(await errorOfTask()).toMatch(why);
  });

  it('is said where too many files are open', async () => {
    // How many the program itself needs differs; with some number in between only the command's pipes are too many.
    const limits = [24, 28, 32, 36, 40];
    const ended = await Promise.all(
      limits.map(async (limit) => {
        const script = `ulimit -n ${limit}; exec "$0" "$@"`;
        return runWith('sh', ['-c', script, process.execPath, PROGRAM, 'run', '--', 'echo', 'done']);
      }),
    );
    for (const { code, stdout, stderr } of ended) {
      expect(stderr).not.toContain('this is a bug');
      // Below some number Node itself does not start.
      if (stderr.includes('Node.js') || code === 134) continue;
      expect([code, stdout]).toEqual(code === 0 ? [0, 'done\n'] : [126, '']);
    }
    expect(ended.map(({ code }) => code)).toContain(0);
  });

  /** What came of any program. */
  function runWith(command: string, args: readonly string[]) {
    const env = { ...process.env, TASKGLASS_HOME: directory.file('.home') };
    const { promise, resolve } = Promise.withResolvers<{ code: unknown; stdout: string; stderr: string }>();
    execFile(command, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    return promise;
  }
});

it('a command that a signal without a name ends has failed', async () => {
  const env = { TASKGLASS_HOME: directory.file('.home') };
  const args = [PROGRAM, 'run', '--', 'sh', '-c', 'kill -40 $$'];
  const terminal = openTerminal(process.execPath, args, { cwd, env });
  expect(await terminal.exitCode).toBe(168);
  terminal.dispose();
  expect(await errorOfTask()).toBe('ended by signal 40');
});
