import { describe, expect, it } from 'vitest';
import type { EndedAttempt, ReportInput } from '../../src/ledger/report/types.ts';
import { createReport } from '../../src/ledger/report.ts';

const DAY = 86_400_000;
/** A noon, so that a day back is the day before. */
const NOW = Date.UTC(2026, 10, 21, 12);

describe('a report', () => {
  it('has no figures where there is nothing', () => {
    expect(report({})).toEqual({
      version: 1,
      generatedAt: NOW,
      since: null,
      tasks: { total: 0, byStatus: {} },
      completionRate: null,
      successRate: null,
      durations: { count: 0, medianMs: null, p95Ms: null },
      attempts: { ended: 0, completed: 0, failed: 0, cancelled: 0, perCompletedTask: null },
      failures: [],
      throughput: { perDay: null, days: [] },
      jobs: [],
    });
  });

  it('counts what is completed of all tasks, and what succeeded of the attempts', () => {
    const { completionRate, successRate, tasks, attempts } = report({
      tasks: [
        task('a', 'completed', 3),
        task('b', 'completed', 1),
        task('c', 'failed', 1),
        task('d', 'pending', 0),
      ],
      attempts: [
        attempt('a', 'failed', 60, 10, 'no disk'),
        attempt('a', 'failed', 50, 10, 'no disk'),
        attempt('a', 'completed', 40, 10),
        attempt('b', 'completed', 30, 10),
        attempt('c', 'failed', 20, 10, 'no net'),
        attempt('d', 'cancelled', 10, 10),
      ],
    });
    expect(tasks).toEqual({ total: 4, byStatus: { completed: 2, failed: 1, pending: 1 } });
    expect(completionRate).toBe(50);
    expect(successRate).toBe(40);
    expect(attempts).toEqual({ ended: 6, completed: 2, failed: 3, cancelled: 1, perCompletedTask: 2 });
  });

  it('measures completed attempts only: their median, and the nearest rank for p95', () => {
    const attempts = Array.from({ length: 20 }, (_, index) => attempt('a', 'completed', 100, index + 1));
    const { durations } = report({ attempts: [...attempts, attempt('a', 'failed', 1, 9_999)] });
    expect(durations).toEqual({ count: 20, medianMs: 10_500, p95Ms: 19_000 });
  });

  it('has no duration of what was never said to have started', () => {
    const attempts = [{ ...attempt('a', 'completed', 10, 5), startedAt: null }];
    expect(report({ attempts }).durations).toEqual({ count: 0, medianMs: null, p95Ms: null });
  });

  it('gathers failures by the first line of their reason', () => {
    const { failures } = report({
      attempts: [
        attempt('a', 'failed', 50, 1, 'exit code 1\nline 1'),
        attempt('b', 'failed', 40, 1, 'exit code 1\nline 2'),
        attempt('c', 'failed', 30, 1, null),
        attempt('d', 'failed', 20, 1, 'gone'),
      ],
    });
    expect(failures).toEqual([
      { reason: 'exit code 1', count: 2, lastAt: NOW - 40_000 },
      { reason: 'gone', count: 1, lastAt: NOW - 20_000 },
      { reason: '(no reason given)', count: 1, lastAt: NOW - 30_000 },
    ]);
  });

  it('counts by day, over the days since the first end', () => {
    const { throughput } = report({
      attempts: [
        attempt('a', 'completed', (3 * DAY) / 1000, 1),
        attempt('b', 'completed', DAY / 1000, 1),
        attempt('c', 'failed', DAY / 1000 - 60, 1, 'x'),
        attempt('d', 'completed', 5, 1),
      ],
    });
    expect(throughput).toEqual({
      perDay: 1,
      days: [
        { day: '2026-11-18', completed: 1, failed: 0 },
        { day: '2026-11-20', completed: 1, failed: 1 },
        { day: '2026-11-21', completed: 1, failed: 0 },
      ],
    });
  });

  it('leaves out what ended before `since`, but not what is still open', () => {
    const input = {
      tasks: [
        { ...task('old', 'completed', 1), updatedAt: NOW - 2 * DAY },
        { ...task('open', 'pending', 0), updatedAt: NOW - 2 * DAY },
        task('new', 'completed', 1),
      ],
      attempts: [attempt('old', 'completed', (2 * DAY) / 1000, 1), attempt('new', 'completed', 60, 1)],
    };
    const { tasks, attempts, throughput } = report(input, NOW - DAY);
    expect(tasks).toEqual({ total: 2, byStatus: { pending: 1, completed: 1 } });
    expect(attempts.ended).toBe(1);
    expect(throughput.perDay).toBe(1);
  });

  it('tells of each job how it does, by its newest end', () => {
    const { jobs } = report({
      tasks: [
        { ...task('a', 'failed', 1), job: 'import' },
        { ...task('b', 'completed', 1), job: 'nightly' },
      ],
      attempts: [
        { ...attempt('a', 'completed', 60, 4), job: 'import' },
        { ...attempt('a', 'failed', 30, 1, 'x'), job: 'import' },
        { ...attempt('a', 'cancelled', 5, 1), job: 'import' },
        { ...attempt('b', 'completed', 30, 2), job: 'nightly' },
      ],
      runs: [{ job: 'nightly', outcome: 'failed', startedAt: NOW - 90_000, endedAt: NOW - 80_000 }],
      nextRuns: new Map([
        ['nightly', NOW + 60_000],
        ['weekly', NOW - 61_000],
        ['yearly', NOW + DAY],
      ]),
      staleJobs: new Set(['stuck']),
    });
    expect(jobs.map(({ job, health, runs }) => ({ job, health, runs }))).toEqual([
      { job: 'import', health: 'failing', runs: null },
      { job: 'nightly', health: 'ok', runs: { completed: 0, failed: 1, nextRunAt: NOW + 60_000 } },
      { job: 'stuck', health: 'stale', runs: { completed: 0, failed: 0, nextRunAt: null } },
      { job: 'weekly', health: 'overdue', runs: { completed: 0, failed: 0, nextRunAt: NOW - 61_000 } },
      { job: 'yearly', health: 'unknown', runs: { completed: 0, failed: 0, nextRunAt: NOW + DAY } },
    ]);
    expect(jobs[0]).toMatchObject({
      tasks: 1,
      completed: 1,
      failed: 1,
      successRate: 50,
      durations: { count: 1, medianMs: 4_000, p95Ms: 4_000 },
      lastEndedAt: NOW - 30_000,
    });
  });
});

function report(input: Partial<ReportInput>, since: number | null = null) {
  const nothing: ReportInput = {
    tasks: [],
    attempts: [],
    runs: [],
    nextRuns: new Map(),
    staleJobs: new Set(),
  };
  return createReport({ ...nothing, ...input }, { nowMs: NOW, since, timeZone: 'UTC' });
}

function task(id: string, status: string, attempts: number) {
  return { id, job: null, status, attempts, updatedAt: NOW - 1_000 };
}

/** An attempt that ended `agoS` seconds ago and took `tookS`. */
function attempt(
  taskId: string,
  outcome: EndedAttempt['outcome'],
  agoS: number,
  tookS: number,
  error: string | null = null,
): EndedAttempt {
  const endedAt = NOW - agoS * 1_000;
  return { taskId, job: null, outcome, startedAt: endedAt - tookS * 1_000, endedAt, error };
}
