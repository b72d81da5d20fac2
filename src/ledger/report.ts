import { reportJobs } from './report/jobs.ts';
import { countOutcomes, durationsOf, mean, rate } from './report/statistics.ts';
import type { EndedAttempt, LedgerReport, ReportInput } from './report/types.ts';

const DAY_MS = 86_400_000;
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * Reports on a ledger's past: on what has ended since `since` (epoch ms; null for everything), and on the tasks that have
 * changed since then or not ended.
 */
export function createReport(
  input: ReportInput,
  options: { readonly nowMs: number; readonly since?: number | null; readonly timeZone?: string },
): LedgerReport {
  const { nowMs, since = null } = options;
  const recent = recentPart(input, since ?? Number.NEGATIVE_INFINITY);
  const { tasks, attempts } = recent;
  const completedTasks = tasks.filter(({ status }) => status === 'completed');
  const count = countOutcomes(attempts);

  return {
    version: 1,
    generatedAt: nowMs,
    since,
    tasks: { total: tasks.length, byStatus: tally(tasks.map(({ status }) => status)) },
    completionRate: rate(completedTasks.length, tasks.length),
    successRate: rate(count.completed, count.completed + count.failed),
    durations: durationsOf(attempts),
    attempts: {
      ended: attempts.length,
      ...count,
      perCompletedTask: mean(completedTasks.map((task) => Math.max(1, task.attempts))),
    },
    failures: failuresOf(attempts),
    throughput: throughputOf(attempts, options),
    jobs: reportJobs(recent, nowMs),
  };
}

function recentPart(input: ReportInput, from: number): ReportInput {
  return {
    tasks: input.tasks.filter((task) => task.updatedAt >= from || !ENDED.has(task.status)),
    attempts: input.attempts.filter(({ endedAt }) => endedAt >= from),
    runs: input.runs.filter(({ endedAt }) => endedAt >= from),
    nextRuns: input.nextRuns,
    staleJobs: input.staleJobs,
  };
}

/** Groups failures by the first line of their reason: the most frequent first, among equals the newest. */
function failuresOf(attempts: readonly EndedAttempt[]): LedgerReport['failures'] {
  const failed = attempts.filter(({ outcome }) => outcome === 'failed');
  const byReason = Map.groupBy(
    failed,
    ({ error }) => error?.split('\n', 1)[0]?.trim() || '(no reason given)',
  );
  return [...byReason]
    .map(([reason, same]) => ({
      reason,
      count: same.length,
      lastAt: same.reduce((last, { endedAt }) => Math.max(last, endedAt), 0),
    }))
    .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}

function throughputOf(
  attempts: readonly EndedAttempt[],
  { since, nowMs, timeZone }: { since?: number | null; nowMs: number; timeZone?: string },
): LedgerReport['throughput'] {
  if (attempts.length === 0) return { perDay: null, days: [] };
  const inOrder = attempts.toSorted((a, b) => a.endedAt - b.endedAt);
  const spanDays = Math.max(1, (nowMs - (since ?? inOrder[0]?.endedAt ?? nowMs)) / DAY_MS);
  const dayText = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...(timeZone && { timeZone }) });
  const byDay = Map.groupBy(inOrder, ({ endedAt }) => dayText.format(endedAt));
  return {
    perDay: Math.round((countOutcomes(attempts).completed / spanDays) * 10) / 10,
    days: [...byDay].map(([day, ends]) => {
      const { completed, failed } = countOutcomes(ends);
      return { day, completed, failed };
    }),
  };
}

function tally(words: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(words, (word) => word)].map(([word, same]) => [word, same.length]),
  );
}
