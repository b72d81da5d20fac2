import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHere, type Said } from '../../helpers/console.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ledger-guest-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** The two dialects of a scheduler's statuses. */
const DIALECTS = [
  {
    name: 'TEXT',
    type: 'TEXT',
    success: 'success',
    failed: 'failed',
    pending: 'pending',
    running: 'running',
    disabled: 'disabled',
  },
  { name: 'INTEGER', type: 'INTEGER', success: 2, failed: 3, pending: 0, running: 1, disabled: 2 },
] as const;

describe.each(DIALECTS)('beside a scheduler with $name statuses', (dialect) => {
  beforeEach(() => makeSchedulerDatabase(join(cwd, 'jobs.db'), dialect));

  it('there is a ledger only once that was asked for, and the owner keeps all that is theirs', async () => {
    const before = contentsOf(join(cwd, 'jobs.db'));
    expect(await ledger('list-tasks')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/taskglass ledger migrate --db/),
    });
    expect(await ledger('register', 'a')).toMatchObject({ code: 3 });
    expect((await ledger('migrate')).stdout).toMatch(
      /is now at version \d+\n {2}its owner's tables were not changed\n {2}backup of the version before: .*\.backup\n$/,
    );
    expect((await ledger('migrate')).stdout).toMatch(/is up to date\n/);
    expect((await ledger('register', 'a')).code).toBe(0);
    expect(contentsOf(join(cwd, 'jobs.db'))).toEqual(before);
  });

  it('its runs and plans stand beside the tasks of its jobs', async () => {
    await ledger('migrate');
    await ledger('register', 'load', '--job', 'Import', '--priority', '1');
    await ledger('register', 'publish', '--job', 'Report', '--depends-on', 'load');
    const jobs = await json('list-jobs');
    expect(jobs.map(({ job, tasks, waitsFor }: Job) => [job, tasks.total, waitsFor])).toEqual([
      ['Import', 1, []],
      ['Off', 0, []],
      ['Report', 1, ['load']],
    ]);
    expect(jobs[0].scheduler).toMatchObject({
      isDisabled: false,
      queued: 2,
      everyMs: 3000,
      succeeded: 1,
      failed: 1,
      nextRunAt: Date.parse('2099-01-01T00:00:00Z'),
      lastRun: { id: '2', status: 'failed', startedAt: Date.parse('2026-11-21T07:45:30.000Z') },
    });
    const { stdout } = await ledger('list-jobs');
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      expect.stringMatching(/^JOB +DONE +TASKS +LAST RUN +OK +QUEUED +NEXT RUN$/),
      expect.stringMatching(/^Import +0\/1 +o pending +x .* +1\/2 +2 +1 Jan 2099$/),
      expect.stringMatching(/^Off +disabled$/),
      expect.stringMatching(/^Report +0\/1 +: waiting \(nee.* \d+d?\w* late$/),
      '',
    ]);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('what comes next is in the order of its plans, with what each task needs', async () => {
    await ledger('migrate');
    await ledger('register', 'load', '--job', 'Import');
    await ledger('register', 'publish', '--job', 'Report', '--depends-on', 'load');
    await ledger('register', 'free');
    expect(
      (await json('upcoming')).map(({ at, state, task, waitsFor }: Coming) => [
        at !== null,
        state,
        task?.id,
        waitsFor,
      ]),
    ).toEqual([
      [true, 'waiting', 'publish', ['load']],
      [true, 'ready', 'load', []],
      [false, 'ready', 'free', []],
    ]);
    expect((await ledger('upcoming', '--limit', '1')).stdout).toMatch(
      /^WHEN.*\n\d\S* late +: waiting +publish +Report +load\n$/,
    );
  });

  it('the report tells the health of its jobs', async () => {
    await ledger('migrate');
    const { jobs } = await json('report');
    expect(
      jobs.map(({ job, health, runs }: JobHealth) => [job, health, runs?.completed, runs?.failed]),
    ).toEqual([
      ['Import', 'failing', 1, 1],
      ['Report', 'overdue', 0, 0],
    ]);
  });

  it('a job that hangs is no healthy one', async () => {
    await ledger('migrate');
    const database = new DatabaseSync(join(cwd, 'jobs.db'));
    database
      .prepare(
        "INSERT INTO job_runs (job_name, queue_name, priority, status, started_at) VALUES ('Import', 'default', 1, ?, '2020-01-01T00:00:00.000Z')",
      )
      .run(dialect.running);
    database.close();
    expect((await ledger('list-jobs')).stdout).toMatch(/^Import .* ! stale /m);
    expect((await ledger('report')).stdout).toMatch(/^Import +stale /m);
  });
});

it('a database that is nobody’s ledger is left as it is by every verb', async () => {
  makeSchedulerDatabase(join(cwd, 'jobs.db'), DIALECTS[0]);
  const before = readFileSync(join(cwd, 'jobs.db'));
  writeFileSync(join(cwd, 'b.json'), '{"tasks":[{"id":"a","description":"b"}]}');
  for (const args of [
    ['list-jobs'],
    ['upcoming'],
    ['report'],
    ['export'],
    ['import', 'b.json'],
    ['next-task', '--start'],
  ])
    expect((await ledger(...args)).code).toBe(3);
  expect(readFileSync(join(cwd, 'jobs.db')).equals(before)).toBe(true);
});

interface Job {
  readonly job: string;
  readonly tasks: { readonly total: number };
  readonly waitsFor: readonly string[];
}
interface Coming {
  readonly at: number | null;
  readonly state: string;
  readonly task: { readonly id: string } | null;
  readonly waitsFor: readonly string[];
}
interface JobHealth {
  readonly job: string;
  readonly health: string;
  readonly runs: { readonly completed: number; readonly failed: number } | null;
}

function ledger(...args: readonly string[]): Promise<Said> {
  return runHere(['ledger', ...args, '--db', 'jobs.db'], { cwd, env: { TERM: 'dumb' } });
}

async function json(...args: readonly string[]) {
  return JSON.parse((await ledger(...args, '--json')).stdout);
}

function makeSchedulerDatabase(
  file: string,
  { type, success, failed, pending, disabled }: (typeof DIALECTS)[number],
): void {
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE jobs (id INTEGER PRIMARY KEY NOT NULL, job_name TEXT NOT NULL, status ${type} NOT NULL,
      reschedule INTEGER NOT NULL, reschedule_in INTEGER, last_run_at INTEGER);
    CREATE UNIQUE INDEX jobs_job_name_unique ON jobs (job_name);
    CREATE TABLE job_runs (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, job_name TEXT NOT NULL, queue_name TEXT NOT NULL,
      priority INTEGER NOT NULL, status ${type} NOT NULL, started_at TEXT, finished_at TEXT, output TEXT, error TEXT);
    CREATE TABLE scheduled_jobs (job_name TEXT PRIMARY KEY NOT NULL, next_run TEXT NOT NULL);`);
  const job = database.prepare(
    'INSERT INTO jobs (job_name, status, reschedule, reschedule_in) VALUES (?, ?, ?, ?)',
  );
  job.run('Import', pending, 1, 3000);
  job.run('Report', pending, 0, null);
  job.run('Off', disabled, 0, null);
  const run = database.prepare(
    "INSERT INTO job_runs (job_name, queue_name, priority, status, started_at, finished_at) VALUES (?, 'default', 1, ?, ?, ?)",
  );
  run.run('Import', success, '2026-11-21T07:45:20.000Z', '2026-11-21T07:45:27.000Z');
  run.run('Import', failed, '2026-11-21T07:45:30.000Z', '2026-11-21T07:45:31.000Z');
  run.run('Import', pending, null, null);
  run.run('Import', pending, null, null);
  const plan = database.prepare('INSERT INTO scheduled_jobs VALUES (?, ?)');
  plan.run('Import', '2099-01-01T00:00:00.000Z');
  plan.run('Report', '2020-01-01T00:00:00.000Z');
  database.close();
}

/** The owner's own tables, their definitions and how the file is kept. */
function contentsOf(file: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = ['jobs', 'job_runs', 'scheduled_jobs'];
  const contents = [
    database.prepare('PRAGMA journal_mode').get(),
    database
      .prepare(`SELECT sql FROM sqlite_schema WHERE tbl_name IN ('${tables.join("','")}') ORDER BY name`)
      .all(),
    ...tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all()),
  ];
  database.close();
  return contents;
}
