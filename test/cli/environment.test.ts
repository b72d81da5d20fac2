import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHere } from '../helpers/console.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'environment-'));
  const task = (taskId: string, status: string) => ({ taskId, taskName: taskId, status, steps: [] });
  const activeTasks = [task('zeta', 'completed'), task('alpha', 'failed')];
  writeFileSync(join(cwd, 'state.json'), JSON.stringify({ version: 1, timestamp: Date.now(), activeTasks }));
});
afterEach(() => rmSync(cwd, { recursive: true }));

describe('a variable stands for an option', () => {
  it.each<[Record<string, string>, string[], number, RegExp]>([
    [{ TASKGLASS_ONCE: '1' }, ['state.json'], 0, /^failed .*alpha/u],
    [{ TASKGLASS_ONCE: 'yes', TASKGLASS_JSON: 'true' }, ['state.json'], 0, /^\{\s*"version": 1,/u],
    [{ TASKGLASS_JSON: '0' }, ['--once', 'state.json'], 0, /^failed .*alpha/u],
    [{ TASKGLASS_JSON: '' }, ['--once', 'state.json'], 0, /^failed .*alpha/u],
    [{ TASKGLASS_EXIT_STATUS: '1' }, ['--once', 'state.json'], 4, /^failed/u],
    [{ TASKGLASS_SORT: 'name' }, ['--once', 'state.json'], 0, /alpha.*\n.*zeta/u],
    [{ TASKGLASS_FILTER: 'zeta' }, ['--once', 'state.json'], 0, /^completed .*zeta.*\n1 of 2/u],
    [{ TASKGLASS_FORMAT: 'json' }, ['status', 'state.json'], 0, /^\{"version":1,/u],
    [{ TASKGLASS_FORMAT: 'json' }, ['status', '--format', 'plain', 'state.json'], 0, /1 failed\n$/u],
    [{ TASKGLASS_JSON: '1' }, ['ledger', 'list-tasks'], 0, /^\[\]\n$/u],
  ])('%j %j', async (env, args, code, stdout) => {
    const ran = await runHere(args, { cwd, env });
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).toMatch(stdout);
  });

  it('of a verb; what is typed before or behind the verb wins', async () => {
    const env = { TASKGLASS_DB: join(cwd, 'of-the-environment.db') };
    await runHere(['ledger', 'register', 'here'], { cwd, env });
    const other = join(cwd, 'other.db');
    await runHere(['ledger', '--db', other, 'register', 'there'], { cwd, env });
    const idsIn = async (...args: string[]) => {
      const { stdout } = await runHere(['ledger', ...args], { cwd, env });
      return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    };
    expect(await idsIn('list-tasks', '--json')).toEqual(['here']);
    expect(await idsIn('--db', other, 'list-tasks', '--json')).toEqual(['there']);
    expect(await idsIn('list-tasks', '--json', '--db', other)).toEqual(['there']);
  });

  it.each<[Record<string, string>, string[], string]>([
    [{ TASKGLASS_JSON: 'maybe' }, ['--once'], 'TASKGLASS_JSON must be true or false'],
    [{ TASKGLASS_NO_COLOR: 'red' }, ['--once'], 'TASKGLASS_NO_COLOR must be true or false'],
    [{ TASKGLASS_INLINE: 'x' }, ['--once'], 'TASKGLASS_INLINE must be a whole number from 3 up'],
  ])('a bad one is named: %j', async (env, args, message) => {
    expect(await runHere(args, { cwd, env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `taskglass: ${message} (correct it in the environment)\n`,
    });
  });
});
