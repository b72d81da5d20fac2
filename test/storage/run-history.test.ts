import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { FinishedRun } from '../../src/model/run.ts';
import { bandScoreText } from '../../src/present/history-table.ts';
import {
  HISTORY_MIGRATIONS,
  openRunHistory,
  RUNS_KEPT,
  UNCOMPLETED_KEPT,
} from '../../src/storage/run-history.ts';
import {
  bandScore,
  forgetAll,
  forgetJob,
  listJobs,
  pruneHistory,
} from '../../src/storage/run-history-report.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const BUILD = { kind: 'dashboard-state', name: 'build #', steps: ['fetch', 'compile'] } as const;

function run(number: number, given: Partial<FinishedRun> = {}): FinishedRun {
  return {
    job: BUILD,
    task: `build ${number}`,
    startedAt: number * 1_000_000,
    durationMs: 60_000 + number,
    outcome: 'completed',
    events: [
      { t: 0, step: 0, status: 'running' },
      { t: 20_000, step: 0, status: 'completed', reportedMs: 30_000 },
      { t: 40_000, step: 1, status: 'running', progress: 12.5 },
    ],
    foretold: null,
    ...given,
  };
}

const durations = (history: ReturnType<typeof openRunHistory>) =>
  history.runsLike(BUILD).runs.map(({ durationMs }) => durationMs);

describe('the history of runs', () => {
  test('comes of released migrations, of which none ever changes', () => {
    const sums = HISTORY_MIGRATIONS.map(({ sql }) => createHash('sha256').update(sql).digest('hex'));
    const released = ['b8bbbb7f492fb4e0', '65b092cd7d51a00a', 'd6d32d86edcb872a'];
    expect(sums.map((sum) => sum.slice(0, 16))).toEqual(released);
    expect(HISTORY_MIGRATIONS.map(({ checksum }) => checksum)).toEqual(sums);
  });

  test('knows a job by its steps and its directory, which may be none', async () => {
    await using directory = await temporaryDirectory();
    const history = openRunHistory(directory.file('history.db'));
    const jobs = [BUILD, { ...BUILD, cwd: '/a' }, { ...BUILD, cwd: '/b' }, { ...BUILD, steps: ['fetch'] }];
    history.learn(
      jobs.flatMap((job, at) => [1, 2, 3].map((number) => run(10 * at + number, { job, durationMs: at }))),
    );
    const found = jobs.map((job) => history.runsLike(job).runs.map(({ durationMs }) => durationMs));
    expect(found).toEqual([0, 1, 2, 3].map((at) => [at, at, at]));
    history.close();
  });

  test('gives back what was learnt, oldest first, also after a restart, for its owner only', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('history.db');
    const before = openRunHistory(path);
    before.learn([run(2), run(1)]);
    before.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const after = openRunHistory(path);
    expect(after.runsLike(BUILD)).toEqual({
      of: 'job',
      runs: [run(1), run(2)].map(({ job, events, durationMs }) => ({ steps: job.steps, events, durationMs })),
    });
    expect(after.usualMs({ ...BUILD, steps: [] })).toBe(60_001.5);
    expect(after.usualMs({ ...BUILD, name: 'other' })).toBeNull();
    after.close();
  });

  test('keeps jobs of one name apart by their directories', () => {
    const history = openRunHistory(':memory:');
    const [quick, slow] = ['/quick', '/slow'].map((cwd) => ({ ...BUILD, cwd }));
    history.learn([run(1, { job: { ...BUILD, cwd: '/quick' } })]);
    expect(history.runsLike(quick ?? BUILD).runs).toHaveLength(1);
    for (const job of [slow ?? BUILD, BUILD]) {
      expect(history.runsLike(job).runs).toEqual([]);
      expect(history.usualMs(job)).toBeNull();
    }
    expect(listJobs(history.database)).toMatchObject([{ name: 'build #', cwd: '/quick' }]);
    history.close();
  });

  test('learns a run once, whoever brings it, and however its start was seen', () => {
    const history = openRunHistory(':memory:');
    history.learn([run(1), run(1), run(1, { startedAt: 1_001_500, durationMs: 58_500 })]);
    history.learn([run(1)]);
    expect(durations(history)).toEqual([60_001]);
    history.learn([run(1, { startedAt: 1_300_000 }), run(1, { task: 'build 1 elsewhere' })]);
    expect(durations(history)).toHaveLength(3);
    history.close();
  });

  test('falls back from the job to its name, then to the same steps elsewhere', () => {
    const history = openRunHistory(':memory:');
    history.learn([run(1), run(2, { job: { ...BUILD, name: 'release', kind: 'agui' } })]);
    expect(history.runsLike({ ...BUILD, steps: ['fetch'] })).toMatchObject({
      of: 'name',
      runs: [{ durationMs: 60_001 }],
    });
    expect(history.runsLike({ ...BUILD, name: 'new' })).toMatchObject({ of: 'steps', runs: [{}, {}] });
    expect(history.runsLike({ kind: 'x', name: 'new', steps: ['other'] }).runs).toEqual([]);
    history.close();
  });

  test('takes steps by their place where few runs had them by the same names', () => {
    const history = openRunHistory(':memory:');
    const renamed = (number: number) => run(number, { job: { ...BUILD, steps: ['fetch', 'step #'] } });
    history.learn([run(1), renamed(2), renamed(3)]);
    expect(history.runsLike(BUILD).runs.map(({ steps, durationMs }) => [steps, durationMs])).toEqual(
      [60_001, 60_002, 60_003].map((durationMs) => [BUILD.steps, durationMs]),
    );
    history.learn([run(4), run(5)]);
    expect(durations(history)).toEqual([60_001, 60_004, 60_005]);
    history.close();
  });

  test('keeps the last runs of a job, and few that did not complete; those are no one’s example', () => {
    const history = openRunHistory(':memory:');
    const failed = Array.from({ length: 30 }, (_, n) => run(1_000 + n, { outcome: 'failed' }));
    history.learn(Array.from({ length: 70 }, (_, n) => run(n)));
    history.learn(failed);
    const count = (outcome: string) =>
      Number(
        history.database.prepare('SELECT count(*) AS n FROM runs WHERE outcome = ?').get(outcome)?.n ?? 0,
      );
    expect(count('failed')).toBe(UNCOMPLETED_KEPT);
    expect(count('completed') + count('failed')).toBe(RUNS_KEPT);
    expect(durations(history).at(-1)).toBe(60_069);
    expect(durations(history)).toHaveLength(RUNS_KEPT - UNCOMPLETED_KEPT);
    const changes = history.database.prepare('SELECT total_changes() AS n').get();
    history.learn([run(3), run(4), run(1_001, { outcome: 'failed' })]);
    expect(history.database.prepare('SELECT total_changes() AS n').get()).toEqual(changes);
    history.close();
  });

  test('keeps the 10,000 jobs that ran last', () => {
    const history = openRunHistory(':memory:');
    const jobs = Array.from({ length: 10_050 }, (_, n) =>
      run(n, { job: { ...BUILD, name: `job ${'x'.repeat(n % 7)}${n.toString(36)}` }, events: [] }),
    );
    history.learn(jobs);
    expect(history.database.prepare('SELECT count(*) AS n FROM jobs').get()).toMatchObject({ n: 10_000 });
    expect(history.database.prepare('SELECT count(*) AS n FROM runs').get()).toMatchObject({ n: 10_000 });
    const found = (place: number) => history.runsLike(jobs[place]?.job ?? BUILD).of;
    expect([found(49), found(50)]).toEqual(['steps', 'job']);
    history.close();
  });

  test('of one kind’s flood keeps none that pushes out another kind’s job, nor one that runs again and again', () => {
    const history = openRunHistory(':memory:');
    const nightly = { kind: 'nostr', name: 'nightly', steps: ['nightly'] };
    history.learn([run(1), run(2, { job: nightly }), run(3, { job: nightly })]);
    const invented = (index: number) => ({ kind: 'nostr', name: `invented ${index}`, steps: ['x'] });
    history.learn(Array.from({ length: 13_000 }, (_, index) => run(index + 10, { job: invented(index) })));
    expect(durations(history)).toEqual([60_001]);
    expect(history.runsLike(nightly).runs).toHaveLength(2);
    expect(history.runsLike(invented(12_999)).runs).toHaveLength(1);
    expect(history.usualMs(invented(0))).toBeNull();
    expect(history.database.prepare('SELECT count(*) AS n FROM jobs').get()).toMatchObject({ n: 10_000 });
    history.close();
  });

  test('is written by several processes at once, and nothing of it is lost or doubled', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('history.db');
    const writer = fileURLToPath(new URL('../helpers/history-writer.ts', import.meta.url));
    const writers = [0, 1, 2].map((number) => {
      const child = spawn(process.execPath, [writer, path, String(number)], { stdio: 'inherit' });
      return new Promise((resolve) => child.once('close', resolve));
    });
    expect(await Promise.all(writers)).toEqual([0, 0, 0]);
    const history = openRunHistory(path);
    const rows = history.database.prepare('SELECT task, count(*) AS n FROM runs GROUP BY task').all();
    // Ten of each writer's own, and ten that all three saw.
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, () => 1));
    history.close();
  });

  test('of events that are none, what is left counts', () => {
    const history = openRunHistory(':memory:');
    history.learn([run(1)]);
    history.database.exec(`UPDATE runs SET events = '[[1,0,1],7,["x"],[2,0,99],[5,1,2,null,4]]'`);
    expect(history.runsLike(BUILD).runs[0]?.events).toEqual([
      { t: 1, step: 0, status: 'running' },
      { t: 5, step: 1, status: 'completed', reportedMs: 4 },
    ]);
    history.database.exec(`UPDATE runs SET events = 'torn'`);
    expect(history.runsLike(BUILD).runs[0]?.events).toEqual([]);
    history.close();
  });

  test('keeps a score of the bands: only of what completed, and was foretold', () => {
    const history = openRunHistory(':memory:');
    const foretold = { t: 30_000, earliest: 50_000, end: 60_000, latest: 60_002 };
    history.learn([
      ...[1, 2, 3].map((number) => run(number, { foretold })),
      run(4),
      run(5, { foretold, outcome: 'failed' }),
    ]);
    expect(bandScore(history.database)).toEqual({ foretold: 3, held: 2 });
    history.learn([run(4, { foretold }), run(1, { foretold: { ...foretold, latest: 50_000 } })]);
    expect(bandScore(history.database)).toEqual({ foretold: 4, held: 2 });
    expect(listJobs(history.database)).toMatchObject([
      { runs: { completed: 4, failed: 1 }, score: { foretold: 4, held: 2 } },
    ]);
    expect(bandScoreText(bandScore(history.database))).toBe('80 % band held 50 % of 4 tasks');
    history.close();
  });
});

describe('what is forgotten', () => {
  const OTHER = { ...BUILD, name: 'pack' };
  const names = ({ database }: ReturnType<typeof openRunHistory>) =>
    listJobs(database).map(({ name }) => name);
  function twoJobs() {
    const history = openRunHistory(':memory:');
    history.learn([run(1), run(2), run(3, { job: OTHER, task: 'pack 3' })]);
    return history;
  }

  test('is not learnt again from what had ended by then, but from what ends later', () => {
    const history = twoJobs();
    const job = listJobs(history.database).find(({ name }) => name === BUILD.name);
    forgetJob(history.database, job?.id ?? 0, 2_070_000);
    expect(names(history)).toEqual(['pack']);
    history.learn([run(1), run(2)]);
    expect(names(history)).toEqual(['pack']);
    history.learn([run(4)]);
    expect(durations(history)).toEqual([60_004]);
    history.close();
  });

  test('can be everything, of every job', () => {
    const history = twoJobs();
    expect(forgetAll(history.database, 3_070_000)).toBe(2);
    history.learn([run(1), run(2), run(3, { job: OTHER, task: 'pack 3' })]);
    expect(names(history)).toEqual([]);
    history.learn([run(4, { job: OTHER, task: 'pack 4' })]);
    expect(names(history)).toEqual(['pack']);
    history.close();
  });

  test('is what ended long ago, and jobs of which nothing else is left', () => {
    const history = twoJobs();
    expect(pruneHistory(history.database, 2_000_000)).toEqual({ runs: 1, jobs: 0 });
    expect(durations(history)).toEqual([60_002]);
    expect(pruneHistory(history.database, 2_500_000)).toEqual({ runs: 1, jobs: 1 });
    expect(names(history)).toEqual(['pack']);
    history.close();
  });
});
