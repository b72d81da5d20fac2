import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { run, start } from '../helpers/program.ts';

const UNTIL_GO = 'while ! test -e go; do sleep 0.05; done';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'run-one-file-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function taskIn(file: string) {
  return JSON.parse(await readFile(path.join(cwd, file), 'utf8')).activeTasks[0];
}

describe.runIf(existsSync('/proc/self/stat'))('two runs with one file', () => {
  it('refuses the second while the first one runs, by any name of the file, and not after that', async () => {
    await symlink('state.json', path.join(cwd, 'other.json'));
    const first = start(['run', '--to', 'state.json', '--name', 'First', '--', 'sh', '-c', UNTIL_GO], {
      cwd,
    });
    await eventually(async () => expect((await taskIn('state.json')).status).toBe('running'));
    const second = await run(['run', '--to', 'state.json', '--', 'touch', 'second'], { cwd });
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 2, stdout: '' });
    expect(second.stderr).toBe(
      `taskglass: run: --to ${cwd}/state.json: process ${first.process.pid} reports a run there, which has not ended ` +
        '(name a file for this run alone)\n',
    );
    expect((await run(['run', '--to', 'other.json', '--', 'touch', 'second'], { cwd })).code).toBe(2);
    expect(await readdir(cwd)).not.toContain('second');
    expect(await taskIn('state.json')).toMatchObject({ taskName: 'First', status: 'running' });

    await writeFile(path.join(cwd, 'go'), '');
    expect((await first.ended).code).toBe(0);
    expect((await run(['run', '--to', 'state.json', '--name', 'Next', '--', 'true'], { cwd })).code).toBe(0);
    expect(await taskIn('state.json')).toMatchObject({ taskName: 'Next', status: 'completed' });
  });

  it('lets one of several have it that start at once, also where its directory is missing', async () => {
    const runs = ['a', 'b', 'c', 'd'].map((name) =>
      start(['run', '--to', 'new/state.json', '--', 'sh', '-c', `touch ran-${name}; ${UNTIL_GO}`], { cwd }),
    );
    const codes: (number | null)[] = [];
    for (const { ended } of runs) void ended.then(({ code }) => codes.push(code));
    await eventually(() => expect(codes).toEqual([2, 2, 2]));
    await eventually(async () =>
      expect((await readdir(cwd)).filter((name) => name.startsWith('ran-'))).toHaveLength(1),
    );
    await writeFile(path.join(cwd, 'go'), '');
    await Promise.all(runs.map(({ ended }) => ended));
    expect(codes.toSorted()).toEqual([0, 2, 2, 2]);
    expect(await readdir(path.join(cwd, 'new'))).toEqual(['state.json']);
  });

  it('takes the file of a run that was killed', async () => {
    const first = start(['run', '--to', 'state.json', '--', 'sh', '-c', UNTIL_GO], { cwd });
    await eventually(async () => expect((await taskIn('state.json')).status).toBe('running'));
    first.process.kill('SIGKILL');
    await writeFile(path.join(cwd, 'go'), '');
    await first.ended;
    expect((await run(['run', '--to', 'state.json', '--', 'true'], { cwd })).code).toBe(0);
  });

  it('runs the command where the file cannot be written, and says so', async () => {
    await mkdir(path.join(cwd, 'state.json.lock'));
    const ended = await run(['run', '--to', 'state.json', '--', 'echo', 'out'], { cwd });
    expect(ended).toMatchObject({ code: 0, stdout: 'out\n', stderr: '' });
    const nowhere = await run(['run', '--to', '/proc/nowhere/state.json', '--', 'echo', 'out'], { cwd });
    expect(nowhere).toMatchObject({ code: 0, stdout: 'out\n' });
    expect(nowhere.stderr).toContain('did not accept the state');
  });
});
