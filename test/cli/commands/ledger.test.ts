import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/present/fit.ts';
import { runHere, type Said } from '../../helpers/console.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const VERBS = [
  ...['register', 'template', 'import', 'export', 'next-task', 'start-task', 'update-task', 'complete-task'],
  ...[
    'fail-task',
    'cancel-task',
    'reset-task',
    'note',
    'verify-task',
    'list-tasks',
    'task-status',
    'list-jobs',
  ],
  ...['upcoming', 'report', 'migrate'],
];

describe('the verbs', () => {
  it('are listed in groups', async () => {
    const { code, stdout } = await ledger('--help');
    expect(code).toBe(0);
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    expect(stdout.match(/^\w+:$/gm)).toEqual(['Options:', 'Define:', 'Work:', 'Look:', 'Maintain:']);
  });

  it('are all in the documentation', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/ledger.md'), 'utf8');
    expect(VERBS.filter((verb) => !new RegExp(`\\| .*\\b${verb}\\b.* \\|`).test(text))).toEqual([]);
  });

  it.each(VERBS)('%s has help with its options and an example', async (verb) => {
    const { code, stdout } = await ledger(verb, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/--db <file>/);
    expect(stdout).toMatch(/--json/);
    expect(stdout).toMatch(new RegExp(`^Examples:\\n  \\$ .*taskglass ledger ${verb}`, 'm'));
  });

  it.each([
    [[], /ledger: no verb/],
    [['regster'], /ledger: regster is not a verb \(did you mean register\?\)/],
    [['start-task'], /missing required argument 'id'; see taskglass ledger start-task --help/],
    [['fail-task', 'a'], /required option '--error <text>' not specified/],
    [
      ['fail-task', 'fetch', '--error', ' '],
      /'--error <text>' argument ' ' is invalid. It must not be empty/,
    ],
    [['note', 'fetch', ''], /the note is empty/],
    [['register', ''], /id cannot be read: it is empty/],
    [['list-tasks', 'extra'], /too many arguments for 'list-tasks'/],
    [['list-tasks', '--since', 'soon'], /'soon' is invalid\. Write 30m, 24h, 7d or 2w/],
    [['list-tasks', '--status', 'done'], /It must be among pending, in_progress/],
    [['list-tasks', '--status', 'constructor'], /It must be among pending, in_progress/],
    [['list-tasks', '--priority', 'high'], /'high' is invalid\. Write a number, or \.\.3/],
    [['list-tasks', '--limit', '0'], /It must be a whole number from 1 up/],
    [['list-tasks', '--sort', 'colour'], /It must be one of /],
    [['report', '--format', 'pdf'], /It must be one of table, json, markdown/],
    [['update-task', 'a'], /nothing to update/],
    [['update-task', 'a', '--step', 'x'], /--step goes with --step-status or --step-progress/],
    [['start-task', 'ftch'], /the ledger has no task ftch \(did you mean fetch\?\)/],
    [['register', 'none.json'], /there is no .*none\.json \(check the path; - is standard input\)/],
    [['import', 'none.json'], /there is no .*none\.json/],
    [['import', '.'], /is a directory, not a file \(name a file that this user may read/],
    [['import', 'huge.json'], /huge\.json is larger than 64 MiB \(split its tasks into several files\)/],
    [['register', 'fetch'], /the ledger already has fetch \(use --replace/],
    [['register', 'x', '--depends-on', 'y'], /register: x depends on y, .* or use --allow-missing/],
    [['export', 'ftch'], /the ledger has no task ftch/],
    [['reset-task', 'fetch'], /fetch is pending: reset is not possible \(possible now: start, complete/],
  ])('refuse %j in one line, with exit code 2', async (args, words) => {
    await ledger('register', 'fetch');
    if (args.includes('huge.json')) {
      writeFileSync(join(cwd, 'huge.json'), '');
      truncateSync(join(cwd, 'huge.json'), 64 * 1024 * 1024 + 1);
    }
    const { code, stdout, stderr } = await ledger(...args);
    expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({ code: 2, stdout: '', lines: 2 });
    expect(stderr).toMatch(/^taskglass: /);
    expect(stderr).toMatch(words);
  });

  it('exit with 3 where the database cannot be read, and make none by looking', async () => {
    writeFileSync(
      join(cwd, 'no.db'),
      'this is not a database, but long enough to be looked at as one'.repeat(20),
    );
    expect(await ledger('list-tasks', '--db', 'no.db')).toMatchObject({ code: 3, stdout: '' });
    const { code, stderr } = await ledger('list-tasks', '--db', 'typo.db');
    expect(code).toBe(3);
    expect(stderr).toMatch(/there is no .*typo\.db/);
    expect(existsSync(join(cwd, 'typo.db'))).toBe(false);
  });

  it('exit with 3 where the path leads to no file, and where no directory can be made', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe.db')]);
    for (const verb of ['list-tasks', 'migrate'])
      expect(await ledger(verb, '--db', 'pipe.db')).toEqual({
        code: 3,
        stdout: '',
        stderr: `taskglass: ${verb}: ${cwd}/pipe.db is a pipe, not a file (name a database: --db FILE)\n`,
      });
    expect((await ledger('register', 'a', '--db', '.')).stderr).toMatch(/ is a directory, not a file/);
    writeFileSync(join(cwd, 'file'), '');
    const env = { TASKGLASS_HOME: join(cwd, 'file') };
    expect(await runHere(['ledger', 'register', 'a'], { cwd, env })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /there is no .*file, and it cannot be created: EEXIST \(name another place: --db/,
      ),
    });
  });
});

describe("a task's life", () => {
  it('is told by each verb, and stays in the history', async () => {
    writeFileSync(join(cwd, 'data.csv'), '');
    expect(
      await ledger('register', 'fetch', '--name', 'Fetch the data', '--verify', `test -s ${cwd}/data.csv`),
    ).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^STATUS +ID +NAME +CHANGED\no pending +fetch +Fetch the data +\d\d:\d\d\n$/,
      ),
    });
    expect(await ledger('start-task', 'fetch')).toEqual({
      code: 0,
      stdout: '| in_progress  fetch  Fetch the data\n',
      stderr: '',
    });
    expect((await ledger('update-task', 'fetch', '--progress', '40', '--note', 'half')).code).toBe(0);
    expect(await ledger('complete-task', 'fetch')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(
        /^taskglass: complete-task: fetch was not completed and is in_progress again: .*exit code 1/,
      ),
    });
    expect((await ledger('verify-task', 'fetch')).code).toBe(4);
    writeFileSync(join(cwd, 'data.csv'), '1,2');
    expect((await ledger('verify-task', 'fetch')).code).toBe(0);
    expect((await ledger('task-status', 'fetch', '--exit-status')).code).toBe(6);
    expect((await ledger('complete-task', 'fetch', '--result', '1 line')).code).toBe(0);
    expect((await ledger('task-status', 'fetch', '--exit-status')).code).toBe(0);
    expect(await json('task-status', 'fetch')).toMatchObject({
      id: 'fetch',
      status: 'completed',
      progress: 100,
      result: '1 line',
      attempts: 1,
      verifiedAt: expect.any(Number),
      notes: [{ text: 'half' }],
      history: [
        'registered',
        'started',
        'progressed',
        'completing',
        'refused',
        'completing',
        'completed',
      ].map((event) => ({ event })),
    });
  });

  it('may fail, be tried again and be called off', async () => {
    await ledger('register', 'a', '--rollback', `touch ${cwd}/rolled-back`);
    await ledger('start-task', 'a');
    expect((await ledger('fail-task', 'a', '--error', 'no disk')).stdout).toBe('x failed  a  a\n');
    expect(existsSync(join(cwd, 'rolled-back'))).toBe(true);
    expect((await ledger('task-status', 'a', '--exit-status')).code).toBe(4);
    expect(await json('reset-task', 'a')).toMatchObject({ status: 'pending', attempts: 2, run: 1 });
    expect((await ledger('cancel-task', 'a', '--reason', 'not needed')).stdout).toBe('~ cancelled  a  a\n');
    expect((await ledger('task-status', 'a', '--exit-status')).code).toBe(5);
    expect((await ledger('task-status', 'a')).stdout).toMatch(/REASON\n {2}not needed/);
    await ledger('reset-task', 'a');
    await ledger('complete-task', 'a');
    expect(await json('reset-task', 'a')).toMatchObject({ status: 'pending', attempts: 1, run: 2 });
  });

  it('can be forced', async () => {
    await ledger('register', 'a', '--verify', 'false');
    await ledger('register', 'b', '--depends-on', 'a');
    expect((await ledger('start-task', 'b')).code).toBe(2);
    expect((await ledger('start-task', 'b', '--force')).code).toBe(0);
    expect(await json('complete-task', 'a', '--force')).toMatchObject({
      status: 'completed',
      isForced: true,
      verifiedAt: null,
    });
  });

  it('shows its steps', async () => {
    await ledger('register', 'a', '--step', 'read', '--step', 'write');
    await ledger('start-task', 'a');
    await ledger('update-task', 'a', '--step', 'read', '--step-status', 'completed');
    expect(await json('update-task', 'a', '--step', '2', '--step-progress', '50')).toMatchObject({
      progress: 75,
      steps: [
        { index: 0, name: 'read', status: 'completed' },
        { index: 1, name: 'write', status: 'running', progress: 50 },
      ],
    });
    expect((await ledger('task-status', 'a')).stdout).toMatch(
      /STEPS\n\+ completed +read +0s\n\| running +write +50%\n/,
    );
    expect((await ledger('update-task', 'a', '--step', 'none', '--step-progress', '5')).code).toBe(2);
  });
});

describe('what comes next', () => {
  it('is what waits for nothing, the most urgent first; --start gives it to one caller', async () => {
    await ledger('register', 'late', '--priority', '5');
    await ledger('register', 'soon', '--priority', '1', '--depends-on', 'late');
    await ledger('register', 'other', '--priority', '9', '--module', 'm');
    expect((await ledger('next-task', '--id')).stdout).toBe('late\n');
    expect((await ledger('next-task', '--id', '--module', 'm')).stdout).toBe('other\n');
    expect(await json('next-task', '--start')).toMatchObject({ id: 'late', status: 'in_progress' });
    expect((await ledger('next-task', '--start', '--id')).stdout).toBe('other\n');
    expect(await ledger('next-task', '--json')).toEqual({
      code: 0,
      stdout: 'null\n',
      stderr: 'taskglass: next-task: nothing is ready (3 tasks: 1 waiting, 2 in_progress)\n',
    });
    await ledger('complete-task', 'late');
    expect((await ledger('next-task')).stdout).toBe('o pending  soon  soon\n');
  });

  it('is listed with what it needs', async () => {
    await ledger('register', 'a', '--job', 'nightly', '--priority', '1');
    await ledger('register', 'b', '--depends-on', 'a');
    await ledger('register', 'c');
    await ledger('start-task', 'c');
    expect((await ledger('upcoming')).stdout).toBe(
      [
        'WHEN   STATUS         PRI  TASK  JOB      NEEDS',
        'now    | in_progress       c',
        'ready  o pending        1  a     nightly',
        'later  : waiting           b              a',
        '',
      ].join('\n'),
    );
    expect(await json('upcoming', '--job', 'nightly')).toMatchObject([
      { job: 'nightly', state: 'ready', task: { id: 'a' }, at: null },
    ]);
    expect((await ledger('list-jobs')).stdout).toBe('JOB      DONE  TASKS\nnightly   0/1  o pending\n');
  });
});

describe('lists', () => {
  it('take filters, an order and a limit', async () => {
    await ledger('register', 'a', '--job', 'j', '--module', 'm', '--priority', '3');
    await ledger('register', 'b', '--job', 'j', '--priority', '1');
    await ledger('register', 'c', '--depends-on', 'a', '--priority', '2');
    await ledger('start-task', 'b');
    const ids = async (...args: string[]) =>
      (await json('list-tasks', ...args)).map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual(['b', 'c', 'a']);
    expect(await ids('--job', 'j')).toEqual(['b', 'a']);
    expect(await ids('--module', 'm')).toEqual(['a']);
    expect(await ids('--status', 'ready')).toEqual(['a']);
    expect(await ids('--status', 'waiting,running')).toEqual(['b', 'c']);
    expect(await ids('--priority', '2')).toEqual(['c']);
    expect(await ids('--priority', '..2')).toEqual(['b', 'c']);
    expect(await ids('--sort', 'id', '--limit', '2')).toEqual(['a', 'b']);
    expect(await ids('--since', '1h')).toEqual(['b', 'c', 'a']);
    expect(await ids('--since', '2099-01-01')).toEqual([]);
    expect((await ledger('list-tasks', '--limit', '1')).stdout).toMatch(
      /\n1 task: 1 in_progress \(3 in all\)\n$/,
    );
  });

  it('fit 80 columns, keep them beside wide characters, and obey nothing that a text says', async () => {
    await ledger(
      'register',
      'a',
      '--name',
      '夜間レポートを書く '.repeat(8),
      '--job',
      'nightly-with-a-long-name',
      '--module',
      'import',
    );
    await ledger(
      'register',
      'b',
      '--name',
      'red \u001b[31mtext\u001b[0m\u202e',
      '--job',
      'x',
      '--description',
      '\u009b2J',
    );
    const { stdout } = await ledger('list-tasks');
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    expect(stdout).toContain('red text');
    const columnOf = (line: string | undefined, text: string) =>
      widthOf((line ?? '').slice(0, (line ?? '').indexOf(text)));
    expect(columnOf(lines[1], 'import')).toBe(columnOf(lines[0], 'MODULE'));
    for (const said of [
      stdout,
      (await ledger('task-status', 'b')).stdout,
      (await ledger('list-tasks', '--json')).stdout,
    ])
      expect(said).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe('definitions from files', () => {
  it('start from the template, which works as it is', async () => {
    expect((await ledger('template', 'tasks.json')).stdout).toMatch(/^tasks\.json: change it/);
    expect((await ledger('template', 'tasks.json')).stderr).toMatch(/tasks\.json already exists/);
    expect((await ledger('register', 'tasks.json')).code).toBe(0);
    const { stdout } = await ledger('template');
    expect(await runHere(['ledger', 'register', '-', '--db', 'b.db'], { cwd, input: stdout })).toMatchObject({
      code: 0,
    });
  });

  it('are no source of tasks, but can be imported too', async () => {
    await ledger('template', 'tasks.json');
    expect((await runHere(['tasks.json', '--once', '--wait', '0'], { cwd })).stdout).not.toMatch(
      /Fetch the data/,
    );
    expect((await ledger('import', 'tasks.json', '--allow-commands')).stdout).toMatch(
      /^imported 2 tasks, with 5 commands\n/,
    );
    expect((await ledger('complete-task', 'fetch')).stderr).toMatch(
      /the verification "test -s data.csv" failed/,
    );
  });

  it('are no export, which has more to it', async () => {
    await ledger('register', 'fetch');
    writeFileSync(join(cwd, 'all.json'), (await ledger('export')).stdout);
    expect(await ledger('register', 'all.json', '--db', 'b.db')).toMatchObject({
      code: 2,
      stderr: 'taskglass: register: all.json is an export of a ledger (taskglass ledger import all.json)\n',
    });
  });

  it('may be none: then that is said', async () => {
    writeFileSync(join(cwd, 'none.json'), '{"tasks": []}');
    expect(await ledger('register', 'none.json')).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'taskglass: register: none.json has no definitions (taskglass ledger template writes a sample)\n',
    });
  });

  it('are refused as a whole, with the place', async () => {
    const register = (input: string) => runHere(['ledger', 'register', '-'], { cwd, input });
    expect((await register('{"id": "a",\n "name": }')).stderr).toMatch(
      /standard input is not JSON \(line 2, column 10\)/,
    );
    expect((await register('[{"id": "a"}, {"name": "b"}]')).stderr).toMatch(/tasks\[1\], id cannot be read/);
    const circle = [
      { id: 'a', dependencies: ['b'] },
      { id: 'b', dependencies: ['c'] },
      { id: 'c', dependencies: ['a'] },
    ];
    expect((await register(JSON.stringify(circle))).stderr).toMatch(/a → b → c → a/);
    expect(await json('list-tasks')).toEqual([]);
  });
});

describe('in and out', () => {
  it('JSON comes back as it was', async () => {
    await ledger('template', 'tasks.json');
    await ledger('register', 'tasks.json');
    await ledger('start-task', 'fetch');
    await ledger('note', 'fetch', 'a note');
    const { stdout } = await ledger('export');
    writeFileSync(join(cwd, 'export.json'), stdout);
    expect(await ledger('import', 'export.json', '--db', 'copy.db', '--allow-commands')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^imported 2 tasks, with 5 commands\n/),
    });
    const again = JSON.parse((await ledger('export', '--db', 'copy.db')).stdout);
    expect(withoutIds(again.tasks)).toEqual(withoutIds(JSON.parse(stdout).tasks));
    expect(await ledger('import', 'export.json', '--db', 'copy.db')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/already has fetch.* \(use --on-conflict skip or replace\)/),
    });
    expect(
      (await ledger('import', 'export.json', '--db', 'copy.db', '--on-conflict', 'skip')).stdout,
    ).toMatch(/^imported 0 tasks, skipped 2\n/);
    expect(
      (await ledger('import', 'export.json', '--db', 'copy.db', '--on-conflict', 'replace')).stdout,
    ).toBe('imported 2 tasks\n');
    expect(JSON.parse((await ledger('export', 'report')).stdout).tasks).toHaveLength(1);
  });

  it('breakdowns come back as they were', async () => {
    const document = {
      generated_at: '2026-11-21T07:43:42.382686',
      total_tasks: 2,
      extra: { kept: true },
      tasks: [
        { id: 'T2', description: 'Second', dependencies: ['T1'], estimated_complexity: 'high', mood: '🙂' },
        {
          id: 'T1',
          description: 'First',
          status: 'completed',
          completed_at: '2026-11-21T07:43:42.382686',
          attempts: '2',
        },
      ],
    };
    writeFileSync(join(cwd, 'task-breakdown.json'), JSON.stringify(document));
    expect((await ledger('import', 'task-breakdown.json')).code).toBe(0);
    expect((await ledger('next-task', '--id')).stdout).toBe('T2\n');
    const { stdout } = await ledger('export', '--format', 'breakdown');
    expect(JSON.stringify(JSON.parse(stdout))).toBe(JSON.stringify(document));
  });

  it.each([
    [
      [
        { id: 'a', description: '1' },
        { id: 'a', description: '2' },
      ],
      /the same id occurs more than once: a/,
    ],
    [
      [
        { id: 'a', description: '1', dependencies: ['b'] },
        { id: 'b', description: '2', dependencies: ['a'] },
      ],
      /a → b → a/,
    ],
    [[{ id: 'a', description: '1' }, { description: '2' }], /tasks\[1\] is not a task with an id/],
    [[{ id: 'a', description: '1', dependencies: ['z'] }], /z/],
  ])('a breakdown is refused as a whole: %j', async (tasks, words) => {
    writeFileSync(join(cwd, 'b.json'), JSON.stringify({ tasks }));
    const { code, stderr } = await ledger('import', 'b.json');
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(await json('list-tasks')).toEqual([]);
  });

  it('neither is said so', async () => {
    writeFileSync(join(cwd, 'b.json'), '{"a": 1}');
    expect((await ledger('import', 'b.json')).stderr).toMatch(
      /b\.json is neither an export of a ledger nor a task breakdown/,
    );
  });
});

describe('a report', () => {
  it('is a table, JSON or Markdown', async () => {
    await ledger('register', 'a', '--job', 'j');
    await ledger('register', 'b', '--job', 'j');
    await ledger('start-task', 'a');
    await ledger('complete-task', 'a');
    await ledger('fail-task', 'b', '--error', 'no | disk');
    const document = await json('report');
    expect(document).toMatchObject({
      version: 1,
      since: null,
      tasks: { total: 2, byStatus: { completed: 1, failed: 1 } },
      completionRate: 50,
      successRate: 50,
      durations: { count: 1 },
      failures: [{ reason: 'no | disk', count: 1 }],
      jobs: [{ job: 'j', health: 'failing', tasks: 2 }],
    });
    expect(JSON.parse((await ledger('report', '--format', 'json')).stdout)).toMatchObject({
      completionRate: 50,
    });
    expect((await ledger('report', '--since', '7d')).stdout).toMatch(
      /^Completion rate {2}50% of all tasks$/m,
    );
    const markdown = (await ledger('report', '--format', 'markdown')).stdout;
    expect(markdown).toMatch(/^\| Completion rate \| 50% of all tasks \|$/m);
    expect(markdown).toMatch(/\| no \\\| disk \|$/m);
  });
});

describe('verifications that behave badly', () => {
  it.each([
    ['hang', { command: 'sleep 60', timeoutMs: 200 }],
    ['print 100 MB', { command: 'head -c 100000000 /dev/zero | tr "\\0" x; exit 1', timeoutMs: 60_000 }],
    ['fork', { command: 'sleep 60 & sleep 60 & exit 1', timeoutMs: 10_000 }],
  ])('end, and complete nothing: they %s', async (_, verification) => {
    writeFileSync(join(cwd, 'd.json'), JSON.stringify({ id: 'a', verification }));
    await ledger('register', 'd.json');
    const { code, stderr } = await ledger('complete-task', 'a');
    expect(code).toBe(4);
    expect(stderr.length).toBeLessThan(10_000);
    expect(await json('task-status', 'a')).toMatchObject({
      status: 'pending',
      history: expect.arrayContaining([expect.objectContaining({ event: 'refused' })]),
    });
    expect(readFileSync(join(cwd, '.home', 'ledger.db')).length).toBeLessThan(1_000_000);
  });
});

function ledger(...args: readonly string[]): Promise<Said> {
  return runHere(['ledger', ...args], { cwd, env: { TERM: 'dumb' } });
}

async function json(...args: readonly string[]) {
  return JSON.parse((await ledger(...args, '--json')).stdout);
}

/** Numbers that each ledger gives anew. */
function withoutIds(tasks: readonly { history: readonly object[] }[]) {
  return tasks.map((task) => ({ ...task, history: task.history.map((entry) => ({ ...entry, id: 0 })) }));
}
