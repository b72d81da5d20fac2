import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnapshotDocument, StreamLine } from '../../src/model/document.ts';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run, start } from '../helpers/program.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'outputs-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const state = (...activeTasks: object[]) =>
  JSON.stringify({
    version: 1,
    timestamp: Date.now(),
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
    activeTasks,
  });
const task = (taskId: string, status: string, given: object = {}) => ({
  taskId,
  taskName: `Task ${taskId}`,
  status,
  currentStep: 0,
  totalSteps: 2,
  steps: [
    { index: 0, name: 'fetch', status: 'completed' },
    { index: 1, name: 'store', status: status === 'running' ? 'running' : 'pending', progress: 30 },
  ],
  startedAt: Date.now() - 60_000,
  ...given,
});
const write = (name: string, content: string) => writeFile(path.join(cwd, name), content);

it('a signal ends it also where nobody reads what it says', async () => {
  const tasks = Array.from({ length: 2_000 }, (_, index) => task(`${index}`, 'running'));
  await write('state.json', state(...tasks));
  const child = spawn(process.execPath, [PROGRAM, 'state.json', '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'readable');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
});

it('a current directory that was removed is said', () => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && "$0" "$1" --once';
  const words = ['-c', script, process.execPath, PROGRAM];
  const { status, stderr } = spawnSync('sh', words, { cwd, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: 'taskglass: the current directory no longer exists (cd to another one)\n',
  });
});

/** Becomes the words behind it in a directory that is gone. */
const IN_A_REMOVED_ONE = 'd=$(mktemp -d "$PWD/gone-XXXX") && cd "$d" && rmdir "$d" && exec "$0" "$@"';

it.each([[[]], [['--quiet']], [['--to', 'new/state.json']]])(
  'run %j runs a command in a current directory that was removed, as a shell does',
  (options) => {
    const env = { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') };
    const command = ['sh', '-c', 'ls -A; echo out; echo err >&2; exit 3'];
    const start = (words: readonly string[]) => {
      const all = ['-c', IN_A_REMOVED_ONE, ...words, ...command];
      const { status, stdout, stderr } = spawnSync('sh', all, { cwd, env, encoding: 'utf8' });
      return { status, stdout, stderr };
    };
    const bare = start([]);
    expect(bare).toMatchObject({ status: 3, stdout: 'out\n', stderr: expect.stringMatching(/err\n$/u) });
    const isQuiet = options.includes('--quiet');
    const shown = isQuiet ? { ...bare, stdout: '', stderr: '' } : bare;
    expect(start([process.execPath, PROGRAM, 'run', ...options, '--'])).toEqual(shown);
  },
);

it('a run in a directory that was removed says where it was, and is not started again elsewhere', async () => {
  const env = { ...process.env, TASKGLASS_HOME: path.join(cwd, '.home') };
  const words = [process.execPath, PROGRAM, 'run', '--', 'false'];
  spawnSync('sh', ['-c', IN_A_REMOVED_ONE, ...words], { cwd, env });
  const [task] = JSON.parse((await run(['--once', '--json'], { cwd })).stdout).tasks;
  expect(task).toMatchObject({ status: 'failed', error: 'exit code 1' });
  expect(task.cwd).toMatch(/\/gone-\w+$/u);
  const { code, stderr } = await run(['send', 'retry', task.nativeId], { cwd });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `taskglass: retry: its directory ${task.cwd} is gone\n`,
  });
});

it('files are named without line breaks and escape sequences, and apart', async () => {
  await write('new\nline.json', state(task('a', 'failed')));
  await write('new line.json', state(task('b', 'failed')));
  await write('\u001b[31mred\u202e.json', state(task('c', 'failed')));
  const { stdout } = await run(['.', '--once', '--plain'], { cwd });
  expect(stdout.match(/\[.*\]/gu)?.sort()).toEqual([
    '[new line.json (2)/b]',
    '[new line.json/a]',
    '[red.json/c]',
  ]);
});

it.runIf(existsSync('/dev/full'))('a full disk is said, and is no success', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'ledger', 'template'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'taskglass: the output cannot be written: ENOSPC (make room, or send it elsewhere)\n',
  });
});

describe('--once --json', () => {
  it('prints one document that fits its schema, and nothing else', async () => {
    await write(
      'state.json',
      state(task('a', 'running'), task('b', 'failed', { error: 'disk full\nsecond line' })),
    );
    const { code, stdout, stderr } = await run(['state.json', '--once', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = SnapshotDocument.strict().parse(JSON.parse(stdout));
    expect(document.sources).toMatchObject([
      { id: 'state.json', kind: 'dashboard-state', status: 'live', tasks: 2 },
    ]);
    expect(document.counts).toEqual({
      queued: 0,
      running: 1,
      waiting: 0,
      'needs-input': 0,
      review: 0,
      completed: 0,
      failed: 1,
      cancelled: 0,
    });
    expect(
      document.tasks.map(({ nativeId, status, progress, error, commands }) => ({
        nativeId,
        status,
        progress,
        error,
        commands,
      })),
    ).toEqual([
      {
        nativeId: 'b',
        status: 'failed',
        progress: 50,
        error: 'disk full\nsecond line',
        commands: ['retry', 'dismiss'],
      },
      { nativeId: 'a', status: 'running', progress: 65, error: null, commands: ['cancel'] },
    ]);
  });

  it('offers nothing but dismissing with --read-only, and lists only what passes the filter', async () => {
    await write('state.json', state(task('a', 'running'), task('b', 'failed')));
    const { stdout } = await run(
      ['state.json', '--once', '--json', '--read-only', '--filter', 'status:failed'],
      { cwd },
    );
    expect(JSON.parse(stdout).tasks).toMatchObject([{ nativeId: 'b', commands: ['dismiss'] }]);
  });

  it('says 3 when nothing could be read, with the document all the same', async () => {
    const { code, stdout, stderr } = await run(['none.json', '--once', '--json', '--wait', '0.5'], { cwd });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).sources).toMatchObject([{ status: 'down', problem: { kind: 'missing' } }]);
    expect(stderr).toMatch(/^taskglass: .*none\.json.*\n$/u);
  });

  it('tells by its exit code how the tasks are, when asked to', async () => {
    const codes = [];
    for (const tasks of [
      [task('a', 'completed')],
      [task('a', 'completed'), task('b', 'running')],
      [task('b', 'running'), task('c', 'cancelled')],
      [task('c', 'cancelled'), task('d', 'failed')],
    ]) {
      await write('state.json', state(...tasks));
      codes.push((await run(['state.json', '--once', '--exit-status'], { cwd })).code);
    }
    expect(codes).toEqual([0, 6, 5, 4]);
  });

  it('waits for a file that appears', async () => {
    const { ended } = start(['late.json', '--once', '--json', '--wait', '30'], { cwd });
    await write('late.json', state(task('a', 'completed')));
    expect(JSON.parse((await ended).stdout).tasks).toMatchObject([
      { nativeId: 'a', status: 'completed', progress: 100 },
    ]);
  });
});

describe('--json', () => {
  it('prints the snapshot, then a line for each change', async () => {
    await write('state.json', state(task('a', 'running')));
    const { process: child, ended } = start(['state.json', '--json'], { cwd });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await write('state.json', state(task('a', 'completed'), task('b', 'running')));
    let heard = '';
    child.stdout?.on('data', (piece) => {
      heard += piece;
    });
    await eventually(() => expect(heard.split('\n').length).toBeGreaterThan(2));
    await write('state.json', state(task('b', 'running')));
    await eventually(() => expect(heard).toContain('"removed"'));
    child.kill('SIGTERM');

    const { code, stdout } = await ended;
    expect(code).toBe(143);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => StreamLine.parse(JSON.parse(line)));
    expect(lines[0]).toMatchObject({ type: 'snapshot', tasks: [{ nativeId: 'a', status: 'running' }] });
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'task',
        task: expect.objectContaining({ nativeId: 'a', status: 'completed' }),
      }),
    );
    expect(lines.at(-1)).toEqual({ type: 'removed', id: 'state.json/a' });
  });
});

describe('--plain', () => {
  it('is the default without a terminal, logs what matters, and sums up when the input ends', async () => {
    const lines = [
      state(task('a', 'running')),
      state(
        task('a', 'running', {
          steps: [
            { index: 0, name: 'fetch', status: 'completed' },
            { index: 1, name: 'store', status: 'running', progress: 31 },
          ],
        }),
      ),
      state(task('a', 'completed')),
    ];
    const { code, stdout } = await run(['-'], { cwd, input: `${lines.join('\n')}\n` });
    expect(code).toBe(0);
    expect(stdout).toMatch(/completed {3}100% {2}Task a {2}\[stdin\]\n1 task: 1 completed \(1 source\)\n$/u);
    expect(stripVTControlCharacters(stdout)).toBe(stdout);
  });
});

describe('usage', () => {
  it.each([
    [['--nonsense'], /unknown option '--nonsense'/u],
    [['nosuchthing'], /nosuchthing: neither a command nor a source/u],
    [['gopher://x'], /no such kind of source/u],
    [['--fps', 'many'], /fps/u],
    [['--sort', 'colour'], /sort/u],
    [['ws://relay.example', '--pubkey', 'nsec1abc'], /--pubkey: a secret key is not a public key/u],
    [['--config', 'none.json'], /none\.json: no such file/u],
    [['send', 'explode', 'x'], /explode is not a command/u],
    [['run'], /no command/u],
    [['run', '--progress-pattern', '(', '--', 'true'], /--progress-pattern/u],
    [['key', 'dance'], /dance is not a verb/u],
  ])('%j is refused with 2 and one line', async (args, words) => {
    const { code, stdout, stderr } = await run(args, { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names a bad value of the configuration, and leaves the file alone', async () => {
    await write('config.json', '{"fps": "fast"}');
    const { code, stderr } = await run(['--config', 'config.json', '--once'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('config.json: fps: ');
  });

  it('takes settings from file, environment and options, later ones winning', async () => {
    await write('config.json', '{"fps": 10, "sort": "name"}');
    const { stdout } = await run(['config', '--json', '--config', 'config.json'], {
      cwd,
      env: { TASKGLASS_FPS: '20', TASKGLASS_READ_ONLY: 'true' },
    });
    const settings = JSON.parse(stdout).settings as { name: string; value: unknown; origin: string }[];
    const found = Object.fromEntries(settings.map(({ name, value, origin }) => [name, [value, origin]]));
    expect(found).toMatchObject({
      fps: [20, 'environment'],
      sort: ['name', 'file'],
      readOnly: [true, 'environment'],
      wait: [5, 'default'],
    });
  });

  it('never repeats a secret key that was typed in the wrong place', async () => {
    const key = `nsec1${'q'.repeat(58)}`;
    for (const args of [
      [key],
      ['send', 'cancel', key],
      ['key', key],
      ['--config', key],
      ['run', '--to', key, '--', 'true'],
      ['relay', '--port', key],
      [`agui:${key}`],
    ]) {
      const { stdout, stderr } = await run([...args], { cwd });
      expect(`${stdout}${stderr}`).toMatch(/^taskglass: /u);
      expect(`${stdout}${stderr}`).not.toContain('qqq');
    }
  });

  it.each([
    ['key', 'import', 'c0ffee'.repeat(10)],
    ['config', 'wss://me:c0ffee@relay.example'],
    ['wait', '--timeout', '1', 'wss://me:c0ffee@127.0.0.1:1'],
    ['send', 'cancel', 'ws://127.0.0.1:1/?key=c0ffee'],
    ['http:me:c0ffee@127.0.0.1:1/x', '--once'],
    ['task', 'list', '--board', 'maestro:http://me:c0ffee@127.0.0.1:1'],
    ['ledger', 'list-tasks', '--db', 'http://me:c0ffee@127.0.0.1:1'],
    ['relay', '--host', 'wss://me:c0ffee@host'],
  ])('never repeats what may be secret in an address, or was not expected at all: %s %s', async (...args) => {
    const { stdout, stderr } = await run(args, { cwd });
    expect(stderr).toMatch(/^taskglass: /u);
    expect(`${stdout}${stderr}`).not.toContain('c0ffee');
  });

  it.each([
    ['{"wait": null}', /wait: it must be a number/u],
    ['{"wait": true}', /wait: it must be a number/u],
    ['[]', /not a JSON object/u],
    ['null', /not a JSON object/u],
    ['{"colour": 1}', /known settings/u],
    ['{', /JSON/u],
  ])('refuses the configuration %j, and leaves it alone', async (content, words) => {
    await write('config.json', content);
    const { code, stderr } = await run(['--config', 'config.json', '--once'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(await readFile(path.join(cwd, 'config.json'), 'utf8')).toBe(content);
  });

  it('shows help and version on stdout', async () => {
    expect((await run(['--help'], { cwd })).stdout).toMatch(/Usage: taskglass/u);
    expect((await run(['--version'], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  });
});

describe('send and wait', () => {
  const breakdown = (...tasks: object[]) =>
    JSON.stringify({ generated_at: '2026-11-21T07:43:42.382686', total_tasks: tasks.length, tasks });
  const item = (id: string, status: string) => ({
    id,
    description: `Do ${id}`,
    module: 'core',
    priority: 1,
    status,
    extra: { kept: [1] },
  });

  it('cancels and retries in a breakdown as the keys do, losing nothing', async () => {
    await write('task-breakdown.json', breakdown(item('T1', 'in_progress'), item('T2', 'failed')));
    expect(await run(['send', 'cancel', 'T1', 'task-breakdown.json'], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await run(['send', 'retry', 'T2', 'task-breakdown.json'], { cwd })).toMatchObject({ code: 0 });
    const { stdout } = await run(['--once', '--json'], { cwd });
    expect(JSON.parse(stdout).tasks).toMatchObject([
      { nativeId: 'T2', status: 'queued' },
      { nativeId: 'T1', status: 'cancelled' },
    ]);
  });

  it('answers what a session asks, by the number of a choice or in words', async () => {
    const lastUpdated = '2026-11-21T08:00:00.000Z';
    const asking = { sessionId: 's1', status: 'needs_input', lastUpdated, notes: 'Which colour?' };
    const board = [{ id: 'T1', title: 'Paint', status: 'todo', sessionProgress: [asking] }];
    await write('board.json', JSON.stringify(board));
    expect(await run(['send', 'answer', 'Paint'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the answer is missing'),
    });
    expect(await run(['send', 'answer', 'Paint', 'Dark blue', 'board.json'], { cwd })).toMatchObject({
      code: 0,
      stderr: 'taskglass: answer: Paint is answered, but has not continued yet\n',
    });
    expect(await run(['send', 'answer', 'Paint', 'Red'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the task asks nothing, or it was answered already'),
    });
    const [task] = JSON.parse((await run(['--once', '--json'], { cwd })).stdout).tasks;
    expect(task).toMatchObject({ status: 'needs-input', reason: 'answered: Dark blue', question: null });
    expect(task.notes).toEqual([
      { at: expect.any(Number), text: expect.stringMatching(/answered: Dark blue$/u) },
    ]);
  });

  it('touches neither of two tasks of the same id', async () => {
    await write('one-breakdown.json', breakdown(item('T1', 'in_progress')));
    await write('other-breakdown.json', breakdown(item('T1', 'in_progress')));
    const send = (id: string) =>
      run(['send', 'cancel', id, 'one-breakdown.json', 'other-breakdown.json'], { cwd });
    expect(await send('T1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('several tasks match T1'),
    });
    expect(await send('other-breakdown.json/T1')).toMatchObject({ code: 0 });
    const { stdout } = await run(['--once', '--json', 'one-breakdown.json', 'other-breakdown.json'], { cwd });
    const tasks = JSON.parse(stdout).tasks as { id: string; status: string }[];
    expect(tasks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'one-breakdown.json/T1 running',
      'other-breakdown.json/T1 cancelled',
    ]);
  });

  it('says why it can’t: an unknown id, an ambiguous one, a task that has ended, nobody listening', async () => {
    await write('task-breakdown.json', breakdown(item('T10', 'completed'), item('T11', 'pending')));
    await write('state.json', state(task('a', 'running')));
    const send = async (...args: string[]) => {
      const { code, stderr } = await run(['send', ...args], { cwd });
      return [code, stderr];
    };
    const said = [
      send('cancel', 'T9'),
      send('cancel', 'T1'),
      send('cancel', 'T10'),
      send('cancel', 'a'),
      send('cancel', 'a', 'none.json', '--wait', '0.5'),
    ];
    expect(await Promise.all(said)).toEqual([
      [2, expect.stringContaining('no task T9')],
      [2, expect.stringContaining('several tasks match T1')],
      [1, expect.stringContaining('not possible while the task is completed')],
      [1, expect.stringContaining('nobody is listening')],
      [3, expect.stringContaining('none.json')],
    ]);
  });

  it('waits for the end of what is named, with an exit code that says how it came', async () => {
    await write(
      'task-breakdown.json',
      breakdown(item('T1', 'in_progress'), item('T2', 'completed'), item('T3', 'failed')),
    );
    expect(await run(['wait', 'T2'], { cwd })).toMatchObject({ code: 0 });
    expect(await run(['wait', 'T2', 'T3'], { cwd })).toMatchObject({ code: 4 });
    expect(await run(['wait', 'T1', '--timeout', '0.2'], { cwd })).toMatchObject({ code: 124 });
    const waiting = start(['wait', 'task-breakdown.json'], { cwd });
    await write('task-breakdown.json', breakdown(item('T1', 'completed'), item('T2', 'completed')));
    expect(await waiting.ended).toMatchObject({ code: 0 });
  });
});

describe('an incomplete file', () => {
  it('is never shown as an error while its writer is at it', async () => {
    const whole = state(...Array.from({ length: 300 }, (_, n) => task(`t${n}`, 'running')));
    await write('state.json', whole);
    const { process: child, ended } = start(['state.json', '--json'], { cwd });
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    for (let round = 0; round < 5; round += 1) {
      await write('state.json', '');
      for (let at = 0; at < whole.length; at += 8192)
        await appendFile(path.join(cwd, 'state.json'), whole.slice(at, at + 8192));
    }
    child.kill('SIGTERM');
    expect((await ended).stdout).not.toContain('"type":"source"');
  });
});
