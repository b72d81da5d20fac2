import { describe, expect, test } from 'vitest';
import { decodeJobRuns } from '../../../src/sources/job-runs/format.ts';
import type { JobRecord } from '../../../src/sources/job-runs/job-list.ts';
import { createJobsReader } from '../../../src/sources/job-runs/read-jobs.ts';
import { type Dialect, openJobDatabase, type RunGiven, readRecords } from '../../helpers/job-database.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const seconds = (count: number) => NOON + count * 1_000;

/** What the source would ask of a database with these rows. */
async function ask(fill: (jobs: ReturnType<typeof openJobDatabase>) => void, dialect: Dialect = 'TEXT') {
  await using directory = await temporaryDirectory();
  const jobs = openJobDatabase(directory.file('jobs.db'), dialect);
  fill(jobs);
  jobs.close();
  return readRecords(directory.file('jobs.db'));
}

const read = (records: readonly JobRecord[], nowMs = NOON, modifiedAt = NOON) => {
  const { tasks, problem, looksAgainAt } = decodeJobRuns(records, nowMs, modifiedAt);
  return { tasks: Object.fromEntries(tasks.map((task) => [task.nativeId, task])), problem, looksAgainAt };
};

const backup = (given: Omit<RunGiven, 'job'>): RunGiven => ({ job: 'Backup', ...given });
const success = (from: number, to: number, output?: string): RunGiven =>
  backup({
    status: 'success',
    startedAt: seconds(from),
    endedAt: seconds(to),
    ...(output ? { output } : {}),
  });

describe.each(['TEXT', 'INTEGER'] as const)('a job in the %s dialect', (dialect) => {
  test('that ran well: its newest run, how many succeeded, what is usual', async () => {
    const records = await ask((jobs) => {
      jobs.addJob('Backup', { everyMs: 3_600_000 });
      jobs.addRun(success(-300, -290));
      jobs.addRun(success(-200, -180));
      jobs.addRun(
        backup({ status: 'failed', startedAt: seconds(-150), endedAt: seconds(-149), error: 'no disk' }),
      );
      jobs.addRun(success(-100, -88, '{"rows":1200}'));
      jobs.addRun(backup({ status: 'pending' }));
      jobs.addRun(backup({ status: 'pending' }));
      jobs.schedule('Backup', seconds(3_500));
    }, dialect);
    expect(read(records).tasks.Backup).toMatchObject({
      name: 'Backup',
      state: { status: 'completed', endedAt: seconds(-88), result: '{"rows":1200}' },
      startedAt: seconds(-100),
      updatedAt: seconds(-88),
      pastDurationsMs: [10_000, 20_000, 12_000],
      priority: 1,
      labels: {
        queue: 'default',
        queued: '2 runs',
        succeeded: '3 of 4 runs',
        usually: '12 s',
        'next run': '2026-11-21 12:58:20Z',
        every: '60 min',
      },
      notes: [
        { at: seconds(-290), text: 'run 1: success after 10 s' },
        { at: seconds(-180), text: 'run 2: success after 20 s' },
        { at: seconds(-149), text: 'run 3: failed after 1.0 s' },
        { at: seconds(-88), text: 'run 4: success after 12 s' },
      ],
    });
  });

  test('that failed: with its error, line breaks and all', async () => {
    const error = 'ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap';
    const records = await ask((jobs) => {
      jobs.addRun(success(-100, -90));
      jobs.addRun(backup({ status: 'failed', startedAt: seconds(-9), endedAt: seconds(-8), error }));
    }, dialect);
    expect(read(records).tasks.Backup?.state).toEqual({ status: 'failed', endedAt: seconds(-8), error });
  });

  test.each(['running', 'retrying'] as const)('that is %s: with the history of its ETA', async (status) => {
    const records = await ask((jobs) => {
      jobs.addRun(success(-100, -90));
      jobs.addRun(backup({ status, startedAt: seconds(-5) }));
    }, dialect);
    expect(read(records).tasks.Backup).toMatchObject({
      state: { status: 'running', reason: null },
      startedAt: seconds(-5),
      pastDurationsMs: [10_000],
    });
  });

  test('that has not run: queued, and why', async () => {
    const records = await ask((jobs) => {
      jobs.addJob('Never');
      jobs.addJob('Off', { status: dialect === 'TEXT' ? 'disabled' : 2 });
      jobs.addJob('Waiting');
      jobs.addRun({ job: 'Waiting', status: 'pending' });
      jobs.addJob('Soon');
      jobs.schedule('Soon', seconds(60));
    }, dialect);
    const { tasks } = read(records);
    expect(Object.values(tasks).map(({ nativeId, state }) => [nativeId, state])).toEqual([
      ['Never', { status: 'queued', reason: 'no run yet' }],
      ['Off', { status: 'queued', reason: 'disabled' }],
      ['Waiting', { status: 'queued', reason: '1 run queued, none has begun' }],
      ['Soon', { status: 'queued', reason: 'no run yet, next 2026-11-21 12:01:00Z' }],
    ]);
  });
});

describe('a run that its database calls running forever', () => {
  test('is stale once it lasts five times as long as the longest that succeeded, and says when it will be', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(success(-1_000, -980));
      jobs.addRun(backup({ status: 'running', startedAt: NOON }));
    });
    expect(read(records, seconds(100))).toMatchObject({
      tasks: { Backup: { state: { status: 'running', reason: null } } },
      looksAgainAt: seconds(100) + 1,
    });
    expect(read(records, seconds(100) + 1)).toMatchObject({
      tasks: {
        Backup: {
          state: {
            status: 'running',
            reason: 'stale: far longer than any run that succeeded, began 2026-11-21 12:00:00Z',
          },
          labels: { stale: '1 run' },
        },
      },
      looksAgainAt: null,
    });
  });

  test('is stale when a run is due and its scheduler writes no more', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(backup({ status: 'running', startedAt: seconds(-10) }));
      jobs.addRun(backup({ status: 'running', startedAt: seconds(-5) }));
      jobs.schedule('Backup', seconds(-20));
    });
    expect(read(records, seconds(59), NOON).tasks.Backup?.state).toEqual({ status: 'running', reason: null });
    expect(read(records, seconds(59), NOON).looksAgainAt).toBe(seconds(60));
    expect(read(records, seconds(60), NOON).tasks.Backup?.state).toEqual({
      status: 'running',
      reason:
        'stale: its scheduler wrote last at 2026-11-21 12:00:00Z, began 2026-11-21 11:59:55Z (and 1 more of its runs)',
    });
  });

  test('gives way to one that does run', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(success(-1_000, -990));
      jobs.addRun(backup({ status: 'running', startedAt: seconds(-900) }));
      jobs.addRun(backup({ status: 'running', startedAt: seconds(-9) }));
      jobs.addRun(success(-8, -2));
    });
    expect(read(records).tasks.Backup).toMatchObject({
      state: { status: 'running', reason: null },
      startedAt: seconds(-9),
      labels: { stale: '1 run' },
    });
  });

  test('does not hide a later one that is over', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(backup({ status: 'running', startedAt: seconds(-900) }));
      jobs.addRun(success(-8, -2));
    });
    expect(read(records).tasks.Backup).toMatchObject({
      state: { status: 'completed' },
      labels: { stale: '1 run' },
    });
  });
});

describe('a database that is not as it should be', () => {
  test('unknown words are shown, and named once', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(backup({ status: 'success' }));
      jobs.database.exec("UPDATE job_runs SET status = 'paused\u001b[31m'");
    });
    expect(read(records)).toMatchObject({
      tasks: { Backup: { state: { status: 'queued', reason: 'paused' } } },
      problem: { kind: 'unknown-word', severity: 'degraded', message: expect.stringContaining('"paused"') },
    });
  });

  test('any type in any column, huge numbers and control characters are read as well as they can be', async () => {
    const records = await ask((jobs) => {
      jobs.addRun(success(-10, -5));
      jobs.database.exec(`
        UPDATE job_runs SET priority = 9223372036854775807, finished_at = x'00ff', error = 1e300,
          queue_name = 'a' || char(27) || '[2Jb', output = zeroblob(10);
        INSERT INTO jobs (job_name, status, last_run_at) VALUES (x'', 1, 9223372036854775807);
        INSERT INTO scheduled_jobs VALUES ('Backup', 'tomorrow')`);
    });
    const { tasks, problem } = read(records);
    expect(tasks.Backup).toMatchObject({
      state: { status: 'completed', endedAt: null },
      labels: { queue: 'ab' },
    });
    expect(tasks['1']?.name).toBe('1'); // it has an id, and no name
    expect(problem).toMatchObject({
      kind: 'malformed',
      message: 'jobs[1]: "tomorrow" is not a time: shown without it',
    });
  });

  test('tables and columns may be missing', async () => {
    const gone = (sql: string) =>
      ask((jobs) => {
        jobs.addJob('Backup');
        jobs.addRun(success(-10, -5));
        jobs.database.exec(sql);
      });
    expect(read(await gone('DROP TABLE scheduled_jobs')).tasks.Backup?.state.status).toBe('completed');
    expect(read(await gone('DROP TABLE jobs')).tasks.Backup?.state.status).toBe('completed');
    expect(read(await gone('DROP TABLE job_runs')).tasks.Backup?.state.status).toBe('queued');
    const bare = 'DROP TABLE job_runs; CREATE TABLE job_runs (job_name, status); ';
    const withRun = await gone(`${bare} INSERT INTO job_runs VALUES ('Backup', 'failed')`);
    expect(read(withRun).tasks.Backup?.state).toEqual({ status: 'failed', endedAt: null, error: null });
  });
});

describe('a job among a flood of others', () => {
  const flood = (jobs: ReturnType<typeof openJobDatabase>, count: number) =>
    jobs.database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO job_runs (job_name, queue_name, priority, status) SELECT 'Noise', 'q', 1, 'pending' FROM n`);

  test('is found far back when the database is opened, and not lost when the flood comes later', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('jobs.db');
    const jobs = openJobDatabase(path);
    jobs.addJob('Backup');
    jobs.addRun(success(-10, -5));
    const reader = createJobsReader(path);
    const ask = async () => {
      const answer = await reader();
      return read(('value' in answer && answer.value?.records) || []).tasks;
    };
    expect((await ask()).Backup?.state.status).toBe('completed');
    flood(jobs, 30_000);
    expect((await ask()).Backup?.state.status).toBe('completed');
    expect((await ask()).Noise?.labels.queued).toBe('20000 runs');
    expect(read(readRecords(path)).tasks.Backup?.state.status).toBe('completed');
    jobs.database.exec("UPDATE job_runs SET status = 'failed' WHERE job_name = 'Backup'");
    expect((await ask()).Backup?.state.status).toBe('failed');
    jobs.close();
  });
});
