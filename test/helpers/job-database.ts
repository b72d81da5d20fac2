import { DatabaseSync } from 'node:sqlite';
import type { JobRecord } from '../../src/sources/job-runs/job-list.ts';
import { readJobs } from '../../src/sources/job-runs/read-jobs.ts';

/** The dialect of a job database, as the scheduler makes it. */
export type Dialect = 'TEXT' | 'INTEGER';

/** One row of `job_runs`; times are epoch ms. */
export interface RunGiven {
  readonly job: string;
  readonly status: 'pending' | 'running' | 'success' | 'failed' | 'retrying';
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly output?: string;
  readonly error?: string;
}

export const RUN_WORDS = ['pending', 'running', 'success', 'failed', 'retrying'] as const;

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

export function statusValue(dialect: Dialect, status: RunGiven['status']): string | number {
  return dialect === 'TEXT' ? status : RUN_WORDS.indexOf(status);
}

/** Opens (and first creates) a job database in the way of its scheduler: without patience for locks. */
export function openJobDatabase(path: string, dialect: Dialect = 'TEXT') {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 0');
  database.exec(`
    CREATE TABLE IF NOT EXISTS job_runs (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, job_name text NOT NULL,
      queue_name text NOT NULL, priority integer NOT NULL, status ${dialect} NOT NULL, started_at text,
      finished_at text, output text, error text);
    CREATE TABLE IF NOT EXISTS jobs (id integer PRIMARY KEY NOT NULL, job_name text NOT NULL UNIQUE,
      status ${dialect} DEFAULT 0 NOT NULL, reschedule integer DEFAULT false NOT NULL, reschedule_in integer,
      last_run_at integer);
    CREATE TABLE IF NOT EXISTS scheduled_jobs (job_name text PRIMARY KEY NOT NULL, next_run text NOT NULL)`);

  return {
    database,
    addJob(name: string, given: { everyMs?: number; status?: string | number } = {}) {
      database
        .prepare('INSERT INTO jobs (job_name, status, reschedule, reschedule_in) VALUES (?, ?, ?, ?)')
        .run(
          name,
          given.status ?? statusValue(dialect, 'pending'),
          given.everyMs === undefined ? 0 : 1,
          given.everyMs ?? null,
        );
    },
    addRun({ job, status, startedAt, endedAt, output, error }: RunGiven): number {
      const { lastInsertRowid } = database
        .prepare(
          `INSERT INTO job_runs (job_name, queue_name, priority, status, started_at, finished_at, output, error)
           VALUES (?, 'default', 1, ?, ?, ?, ?, ?)`,
        )
        .run(job, statusValue(dialect, status), iso(startedAt), iso(endedAt), output ?? null, error ?? null);
      return Number(lastInsertRowid);
    },
    schedule(job: string, at: number) {
      database.prepare('INSERT OR REPLACE INTO scheduled_jobs VALUES (?, ?)').run(job, iso(at));
    },
    close: () => database.close(),
  };
}

/** Returns what a job database says about its jobs, read at once. */
export function readRecords(path: string): readonly JobRecord[] {
  const answer = readJobs(path);
  return ('value' in answer && answer.value?.records) || [];
}
