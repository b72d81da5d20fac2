import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM, run } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { readWorkflowCommand } from '../helpers/workflow-command.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let summary: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  summary = directory.file('summary.md');
});
afterEach(() => directory[Symbol.asyncDispose]());

const github = (more: Record<string, string> = {}) => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_STEP_SUMMARY: summary,
  ...more,
});
const inGithub = (args: string[], more: Record<string, string> = {}) =>
  run(args, { cwd: directory.path, env: github(more) });
const commandsIn = (stderr: string) =>
  stderr
    .split('\n')
    .map(readWorkflowCommand)
    .filter((command) => command !== null);
const summaryText = () => readFile(summary, 'utf8').catch(() => null);

describe('taskglass run in GitHub Actions', () => {
  const FAILING = ['sh', '-c', 'echo compiling; echo "ld: no x" >&2; exit 3'];

  it('annotates a failure with its last lines, after the command’s own bytes, and sums it up', async () => {
    const said = await inGithub(['run', '--name', 'build', '--', ...FAILING]);
    expect(said).toMatchObject({ code: 3, stdout: 'compiling\n' });
    expect(said.stderr.startsWith('ld: no x\n::error ')).toBe(true);
    const [annotation, ...others] = commandsIn(said.stderr);
    expect(others).toEqual([]);
    expect(annotation).toMatchObject({ command: 'error', data: 'exit code 3\ncompiling\nld: no x' });
    expect(annotation?.properties.title).toMatch(/^build: failed after \d/u);
    expect(await summaryText()).toMatch(/\| build \| ✗ failed \| \d.*```text\nexit code 3\ncompiling\n/su);
  });

  it('mentions what went well only in the summary, unless it is asked to', async () => {
    expect(await inGithub(['run', '--', 'true'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await summaryText()).toContain('| true | ✓ completed |');
    const { stderr } = await inGithub(['run', '--annotations', 'all', '--', 'true']);
    expect(commandsIn(stderr)).toMatchObject([{ command: 'notice', data: 'true' }]);
    expect((await summaryText())?.match(/✓ completed/gu)).toHaveLength(2);
  });

  it('is silent where that is wished, and elsewhere', async () => {
    const quiet = { code: 3, stderr: 'ld: no x\n' };
    expect(await inGithub(['run', '--annotations', 'off', '--', ...FAILING])).toMatchObject(quiet);
    expect(await inGithub(['run', '--', ...FAILING], { TASKGLASS_ANNOTATIONS: 'off' })).toMatchObject(quiet);
    expect(await inGithub(['run', '--', ...FAILING], { GITHUB_ACTIONS: '' })).toMatchObject(quiet);
    expect(await summaryText()).toBeNull();
    expect(await inGithub(['run', '--annotations', 'some', '--', 'true'])).toMatchObject({ code: 2 });
  });

  it('quotes no output with --no-log', async () => {
    const { stderr } = await inGithub(['run', '--no-log', '--', ...FAILING]);
    expect(commandsIn(stderr)).toMatchObject([{ data: 'exit code 3' }]);
    expect(await summaryText()).not.toContain('ld: no x');
  });

  it('begins a line of its own', async () => {
    const { stderr } = await inGithub(['run', '--', 'sh', '-c', 'printf half >&2; exit 1']);
    expect(stderr).toMatch(/^half\n::error /u);
  });

  it('leaves a file to which errors go as the command wrote it', async () => {
    const file = directory.file('errors');
    const env = { ...process.env, HOME: directory.path, TASKGLASS_HOME: directory.file('home'), ...github() };
    const child = spawn(process.execPath, [PROGRAM, 'run', '--', ...FAILING], {
      cwd: directory.path,
      env,
      stdio: ['ignore', 'ignore', openSync(file, 'w')],
    });
    expect(await once(child, 'exit')).toEqual([3, null]);
    expect(await readFile(file, 'utf8')).toBe('ld: no x\n');
    expect(await summaryText()).toContain('✗ failed');
  });

  it.each([
    '::error::mine',
    '##[add-mask]e',
    'a::b,c=d%0A::stop-commands::x',
    '`|`<b>&\n::set-env name=A::b',
    '\u001b]0;x\u0007\r::warning::x',
    'x'.repeat(5_000),
  ])('takes a name for a name: %j', async (name) => {
    const { stderr } = await inGithub(['run', '--name', name, '--', 'sh', '-c', 'exit 1']);
    expect(commandsIn(stderr)).toMatchObject([
      { command: 'error', properties: { title: expect.any(String) } },
    ]);
    expect(stderr.split('\n')).toHaveLength(2);
    const rows = (await summaryText())?.split('\n').filter((line) => / ✗ failed \|/u.test(line));
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['a directory', async () => void (await mkdir(summary))],
    [
      'a file in no directory',
      async () => {
        summary = directory.file('no/where');
      },
    ],
    ['a full summary', () => writeFile(summary, 'x'.repeat(1024 * 1024))],
  ])('says once that it cannot be summed up: %s', async (_what, prepare) => {
    await prepare();
    const said = await inGithub(['run', '--', 'true']);
    expect(said).toMatchObject({ code: 0, stdout: '' });
    expect(said.stderr).toMatch(/^taskglass: .*summary.*--annotations off\)\n$/u);
  });

  it('lets several runs at once append', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => inGithub(['run', '--name', name, '--', 'sh', '-c', 'exit 1'])));
    const rows = (await summaryText())?.match(/^\| (\w) \| ✗ failed/gmu);
    expect(rows?.map((line) => line[2]).sort()).toEqual(names);
  });
});

describe('taskglass wait in GitHub Actions', () => {
  const write = (tasks: object[]) =>
    writeFile(directory.file('s.json'), JSON.stringify({ ...STATE, activeTasks: tasks }));
  const STATE = {
    version: 1,
    timestamp: 70_000,
    widgets: {},
    loading: { isLoading: false, loadingAgents: [] },
    errors: {},
  };
  const task = (taskId: string, status: string, given: object = {}) => ({
    taskId,
    taskName: `task ${taskId}`,
    status,
    currentStep: 0,
    totalSteps: 0,
    steps: [],
    startedAt: 1_000,
    ...given,
  });

  it('annotates how the tasks have ended', async () => {
    const error = 'disk full\n::error::mine ##[add-mask]e';
    await write([
      task('1', 'completed', { completedAt: 61_000 }),
      task('2', 'failed', { error, completedAt: 61_000, taskName: '##[add-mask]e' }),
      task('3', 'cancelled', { completedAt: 61_000 }),
    ]);
    const { code, stdout, stderr } = await inGithub(['wait', 's.json']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(commandsIn(stderr)).toMatchObject([
      { command: 'error', properties: { title: '##[add-mask]e: failed after 1m00s' }, data: error },
      { command: 'warning', properties: { title: 'task 3: was cancelled after 1m00s' } },
    ]);
    expect(await summaryText()).toContain('| task 1 | ✓ completed | 1m00s |');
  });

  it('says what has not ended in time', async () => {
    await write([task('1', 'running')]);
    const { code, stderr } = await inGithub(['wait', 's.json', '--timeout', '0']);
    expect(code).toBe(124);
    expect(commandsIn(stderr)).toMatchObject([{ command: 'warning', data: 'task 1' }]);
    expect(await summaryText()).toContain('| task 1 | ');
  });

  it('annotates no more than GitHub shows', async () => {
    await write(
      Array.from({ length: 30 }, (_, index) => task(String(index), 'failed', { completedAt: 2_000 })),
    );
    const { stderr } = await inGithub(['wait', 's.json']);
    const commands = commandsIn(stderr);
    expect(commands).toHaveLength(10);
    expect(commands.at(-1)?.properties.title).toBe('21 more tasks');
    expect((await summaryText())?.match(/✗ failed/gu)).toHaveLength(30);
  });
});
