import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogRing } from '../../../src/io/log/log-ring.ts';
import type { LogStream } from '../../../src/model/log.ts';
import { DashboardStateEmitter } from '../../../src/publish/dashboard-state/emitter.ts';
import { logPlaceOf } from '../../../src/publish/dashboard-state/task-logs.ts';
import { runHere } from '../../helpers/console.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let file: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
  file = folder.file('state.json');
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Keeps output of the task `build` that came at these times. */
async function keep(...output: readonly (readonly [number, LogStream, string])[]): Promise<void> {
  const ring = createLogRing(logPlaceOf(file, 'build'));
  await ring.append(output.map(([at, stream, lines]) => ({ at, stream, lines })));
  await ring.close();
}

/** A state file whose task `build` has ended. */
async function writeState(): Promise<void> {
  const emitter = new DashboardStateEmitter({ file });
  emitter.startTask('build', 'Nightly build');
  emitter.completeTask('build');
  await emitter.close();
}

const logs = (...args: string[]) => runHere(['logs', ...args], { cwd: folder.path });

describe('taskglass logs', () => {
  beforeEach(async () => {
    await writeState();
    await keep(
      [AT, 'stdout', 'one\n\u001b[31mtwo\u001b[0m\tcolumns\n'],
      [AT + 1_000, 'stderr', 'warning: three\n'],
      [Date.now(), 'log', 'four\n'],
    );
  });

  it('prints what was printed, for a task by its id, its name or a beginning', async () => {
    const printed = { code: 0, stdout: 'one\ntwo\tcolumns\nwarning: three\nfour\n', stderr: '' };
    for (const id of ['build', 'Nightly build']) expect(await logs(id, file)).toEqual(printed);
    const stderr = 'taskglass: assuming that bui means Nightly build (state.json/build)\n';
    expect(await logs('bui', file)).toEqual({ ...printed, stderr });
  });

  it.each<[string, string[], string]>([
    ['a pattern', ['--grep', '^w|f.ur'], 'warning: three\nfour\n'],
    ['a pattern with an escape that newer ones have not', ['--grep', 'o\\-e|o\\ne|one'], 'one\n'],
    ['a duration', ['--since', '1h30m'], 'four\n'],
    ['a date', ['--since', '2026-01-02T03:04:06Z'], 'warning: three\nfour\n'],
    ['a number', ['-n', '2'], 'warning: three\nfour\n'],
    ['a stream', ['--stderr'], 'warning: three\n'],
    ['no line', ['--grep', 'nothing'], ''],
  ])('chooses by %s', async (_, args, stdout) => {
    expect(await logs('build', file, ...args)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('begins lines with their times, in colours where they are wanted', async () => {
    const times = ['--times', '--grep', 'two'];
    expect((await logs('build', file, ...times)).stdout).toBe('2026-01-02T03:04:05.678Z two\tcolumns\n');
    const env = { FORCE_COLOR: '1' };
    const coloured = await runHere(['logs', 'build', file, ...times], { cwd: folder.path, env });
    expect(coloured.stdout).toBe(
      '\u001b[2m2026-01-02T03:04:05.678Z\u001b[0m \u001b[31mtwo\u001b[0m\tcolumns\u001b[0m\n',
    );
  });

  it.each([
    ['--since', 'yesterday', /--since yesterday cannot be read/u],
    ['--tail', '-1', /--tail -1 cannot be read/u],
    ['--grep', '(', /--grep: .*group/u],
    ['--grep', '(x+x+)+y|^(?:a|a?)+$', /--grep takes too long/u],
  ])('refuses %s %s', async (option, value, words) => {
    await keep([AT, 'stdout', `${'x'.repeat(60)}\n`]);
    const { code, stderr } = await logs('build', file, `${option}=${value}`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) });
  });
});

describe('what reaches a terminal', () => {
  const HOSTILE = [
    '\u001b]0;owned\u0007title',
    '\u001b]52;c;ZXZpbA==\u001b\\clipboard',
    '\u001b[2J\u001b[Hscreen',
    '\u001b]8;;http://evil/\u001b\\link\u001b]8;;\u001b\\',
    '\u009b2Jc1',
    '\u001bPq#0\u001b\\sixel',
    '\u001b[31mred',
    'bell\u0007 back\u0008 null\u0000 right\u202eleft',
  ].map((line) => `${line}\n`);

  beforeEach(async () => {
    await writeState();
    await keep([AT, 'stdout', HOSTILE.join('')]);
  });

  it('is text alone', async () => {
    expect((await logs('build', file)).stdout).toBe(
      'title\nclipboard\nscreen\nlink\nc1\nsixel\nred\nbell back null rightleft\n',
    );
  });

  it('is text and colours where these are wanted, which end with their line', async () => {
    const env = { FORCE_COLOR: '1' };
    const { stdout } = await runHere(['logs', 'build', file], { cwd: folder.path, env });
    expect(stdout).toBe(
      'title\nclipboard\nscreen\nlink\nc1\nsixel\n\u001b[31mred\u001b[0m\nbell back null rightleft\n',
    );
  });

  it('is everything only if that is asked for, of a file or a pipe', async () => {
    expect((await logs('build', file, '--raw')).stdout).toBe(HOSTILE.join(''));
  });
});

describe('where there is no log', () => {
  it.each<[string, () => void | Promise<void>, string, number, RegExp]>([
    [
      'as nothing was kept',
      writeState,
      'build',
      0,
      /kept no output: nothing is known about the output of Nightly build/u,
    ],
    ['as there is no such task', writeState, 'other', 2, /no task other/u],
    ['as there is no such source', () => {}, 'build', 3, /state\.json/u],
  ])('taskglass logs says so: %s', async (_, prepare, id, code, words) => {
    await prepare();
    const said = await logs(id, file, '--wait', '1');
    expect(said).toEqual({ code, stdout: '', stderr: expect.stringMatching(words) });
  });
});

describe('taskglass logs --follow', () => {
  it('goes on until the task has ended', async () => {
    const emitter = new DashboardStateEmitter({ file });
    emitter.startTask('build', 'Nightly build');
    emitter.log('build', 'one');
    await emitter.output?.settle('build');
    await emitter.flush();
    const following = logs('build', file, '-f');
    emitter.log('build', 'two');
    await emitter.output?.settle('build');
    emitter.log('build', 'three');
    await emitter.output?.settle('build');
    emitter.completeTask('build');
    await emitter.close();
    expect(await following).toEqual({ code: 0, stdout: 'one\ntwo\nthree\n', stderr: '' });
  });
});
