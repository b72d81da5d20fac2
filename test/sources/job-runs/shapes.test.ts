import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { SourceEvent } from '../../../src/model/event.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createJobRunsSource } from '../../../src/sources/job-runs/source.ts';
import { detectDatabaseFormats } from '../../../src/sources/open/detect-database.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const AT = '2026-11-21 12:00:00';

/** What is shown of a database that these statements made: a line a job, and what is said beside the source. */
async function shownOf(sql: string): Promise<{ readonly jobs: string[]; readonly problem: string | null }> {
  await using directory = await temporaryDirectory();
  const path = directory.file('jobs.db');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  expect(await detectDatabaseFormats(path)).toEqual(['job-runs']);
  const stopping = new AbortController();
  const source = createJobRunsSource({ id: sourceId('jobs'), path, clock: systemClock });
  const jobs: string[] = [];
  for await (const event of source.events({ signal: stopping.signal })) {
    if (event.type === 'snapshot') jobs.push(...event.tasks.map(lineOf));
    const isEnd = event.type === 'live' || event.type === 'problem';
    if (!isEnd) continue;
    const problem =
      event.type === 'problem' ? event.problem.message : await problemOf(source, stopping.signal);
    stopping.abort();
    return { jobs, problem };
  }
  throw new Error('the source ended');

  async function problemOf(again: typeof source, signal: AbortSignal): Promise<string | null> {
    for await (const event of again.events({ signal })) {
      if (event.type === 'problem') return event.problem.message;
      if (event.type === 'live') return null;
    }
    return null;
  }
}

function lineOf({ name, state, startedAt }: Extract<SourceEvent, { type: 'changed' }>['task']): string {
  return `${name} ${state.status}${startedAt === null ? '' : ` ${new Date(startedAt).toISOString().slice(11, 16)}`}`;
}

describe('the jobs of a scheduler', () => {
  test.each([
    [
      'whose runs name a job by its id',
      `CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, schedule TEXT);
       CREATE TABLE job_runs (id INTEGER PRIMARY KEY, job_id INTEGER, status TEXT, start_time TEXT, end_time TEXT);
       INSERT INTO jobs VALUES (7, 'nightly', '@daily'), (8, 'never', '@yearly');
       INSERT INTO job_runs VALUES (1, 7, 'running', '${AT}', NULL)`,
      ['nightly running 12:00', 'never queued'],
    ],
    [
      'in a table that a foreign key names',
      `CREATE TABLE backups (slug TEXT PRIMARY KEY, title TEXT);
       CREATE TABLE job_runs (id TEXT PRIMARY KEY, schedule_id TEXT REFERENCES backups (slug), state TEXT, startedAt TEXT);
       INSERT INTO backups VALUES ('b', 'Back up');
       INSERT INTO job_runs VALUES ('x', 'b', 'RUNNING', '${AT}')`,
      ['Back up running 12:00'],
    ],
    [
      'two of which have one name',
      `CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT);
       CREATE TABLE job_runs (id INTEGER PRIMARY KEY, job_id INTEGER, status TEXT);
       INSERT INTO jobs VALUES (1, 'sync'), (2, 'sync');
       INSERT INTO job_runs VALUES (1, 1, 'failed'), (2, 2, 'success')`,
      ['sync failed', 'sync (2) completed'],
    ],
    [
      'without a table of jobs, by id',
      "CREATE TABLE job_runs (id, job_id, status); INSERT INTO job_runs VALUES (1, 7, 'success')",
      ['7 completed'],
    ],
    [
      'without a table of jobs, by name',
      `CREATE TABLE job_runs (id TEXT PRIMARY KEY, job TEXT, status TEXT, startedAt TEXT);
       INSERT INTO job_runs VALUES ('r', 'refresh', 'running', '${AT}')`,
      ['refresh running 12:00'],
    ],
    [
      'without row ids, the newest by its start',
      `CREATE TABLE job_runs (id TEXT PRIMARY KEY, job_name TEXT, status TEXT, started_at TEXT) WITHOUT ROWID;
       INSERT INTO job_runs VALUES ('b', 'x', 'failed', '2026-11-20 10:00:00'), ('a', 'x', 'success', '${AT}')`,
      ['x completed 12:00'],
    ],
    [
      'in a view',
      `CREATE TABLE j (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE r (id INTEGER PRIMARY KEY, j INT, ok INT, at);
       CREATE VIEW job_runs AS WITH named AS (SELECT r.*, j.name FROM r JOIN j ON j.id = r.j)
         SELECT id, name AS job_name, CASE ok WHEN 1 THEN 'success' ELSE 'failed' END AS status, at AS started_at FROM named;
       INSERT INTO j VALUES (1, 'copy'); INSERT INTO r VALUES (1, 1, 0, 1795262400), (2, 1, 1, 1795262460)`,
      ['copy completed 12:01'],
    ],
    [
      'with computed columns',
      `CREATE TABLE job_runs (id INTEGER PRIMARY KEY, job_name TEXT, code INT, status AS (iif(code = 0, 'success', 'failed')));
       INSERT INTO job_runs VALUES (1, 'copy', 3)`,
      ['copy failed'],
    ],
    [
      'with exit codes instead of statuses',
      `CREATE TABLE job_runs (id INTEGER PRIMARY KEY, job TEXT, started_at TEXT, finished_at TEXT, exit_code INT);
       INSERT INTO job_runs VALUES (1, 'a', '${AT}', '${AT}', 0), (2, 'b', '${AT}', '${AT}', 1), (3, 'c', '${AT}', NULL, NULL)`,
      ['c running 12:00', 'b failed 12:00', 'a completed 12:00'],
    ],
    [
      'in the words of others',
      `CREATE TABLE job_runs (job_name, status);
       INSERT INTO job_runs VALUES ('a', 'SUCCEEDED'), ('b', 'timed_out'), ('c', 'In Progress'), ('d', 'Canceled'),
         ('e', 'QUEUED'), ('f', 'skipped')`,
      ['f cancelled', 'd cancelled', 'c running', 'b failed', 'a completed', 'e queued'],
    ],
  ])('%s are shown', async (_what, sql, jobs) => {
    expect(await shownOf(sql)).toEqual({ jobs, problem: null });
  });

  test.each([
    [
      'tell no job',
      'CREATE TABLE job_runs (a, b); INSERT INTO job_runs VALUES (1, 2)',
      'none of its columns (a, b) names a job',
    ],
    [
      'are a virtual table',
      'CREATE VIRTUAL TABLE job_runs USING fts5(job_name, status)',
      'neither jobs nor job_runs',
    ],
  ])('whose runs %s: that is said', async (_what, sql, words) => {
    expect((await shownOf(sql)).problem).toContain(words);
  });

  test('a run without a job is not passed over', async () => {
    const sql = "CREATE TABLE job_runs (job_name, status); INSERT INTO job_runs VALUES (NULL, 'failed')";
    expect((await shownOf(sql)).jobs).toEqual(['(unnamed job) failed']);
  });

  test('a view that never ends is given up, and holds up nobody', async () => {
    const { problem } = await shownOf(`CREATE VIEW job_runs AS
      WITH n(job_name, status) AS (SELECT 'x', 1 UNION ALL SELECT 'x', status FROM n) SELECT * FROM n`);
    expect(problem).toContain('takes too long to answer');
  });
});
