import type { HistoryEntry } from '../../../ledger/history-entry.ts';
import type { AttemptOutcome, EndedAttempt, ReportedRun, ReportInput } from '../../../ledger/report/types.ts';
import type { TaskTrackingService } from '../../../ledger/service.ts';
import type { ScheduledJob } from './scheduler.ts';

/** Reads what a report is based on: the tasks, the attempts in the history, and the scheduler's runs. */
export async function readReportInput(
  ledger: Pick<TaskTrackingService, 'query' | 'history'>,
  scheduled: ReadonlyMap<string, ScheduledJob>,
  filters: { readonly job?: string; readonly module?: string },
): Promise<ReportInput> {
  const records = await ledger.query(filters);
  const jobOf = new Map(records.map(({ definition }) => [definition.id, definition.job]));
  const jobs = [...scheduled.values()].filter(({ job }) => isWanted(job, filters));
  const attempts = createAttemptReader();
  for await (const entry of wholeHistory(ledger)) if (jobOf.has(entry.task)) attempts.read(entry);
  return {
    tasks: records.map(({ definition, status }) => ({
      id: definition.id,
      job: definition.job,
      status: status.status,
      attempts: status.attempt,
      updatedAt: status.updatedAt,
    })),
    attempts: attempts.ended().map((attempt) => ({ ...attempt, job: jobOf.get(attempt.taskId) ?? null })),
    runs: jobs.flatMap(endedRuns),
    nextRuns: new Map(
      jobs.flatMap(({ job, nextRunAt, isDisabled }) =>
        nextRunAt === null || isDisabled ? [] : [[job, nextRunAt]],
      ),
    ),
    staleJobs: new Set(jobs.filter(({ runs: [newest] }) => newest?.stale).map(({ job }) => job)),
  };
}

/** Tells whether a job passes the filters. A module has no scheduler jobs. */
function isWanted(job: string, { job: wanted, module }: { job?: string; module?: string }): boolean {
  return module === undefined && (wanted === undefined || wanted === job);
}

const PAGE_LENGTH = 10_000;

/** Reads the history page by page, because it may have millions of entries. */
async function* wholeHistory(ledger: Pick<TaskTrackingService, 'history'>): AsyncGenerator<HistoryEntry> {
  for (let afterId = 0; ; ) {
    const page = await ledger.history({ afterId, limit: PAGE_LENGTH });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE_LENGTH) return;
    afterId = last.id;
  }
}

type Attempt = Omit<EndedAttempt, 'job'>;

/** Finds the attempts in a history: each lasts from its start to its end. A completion that was revoked is not counted. */
export function createAttemptReader(): { read(entry: HistoryEntry): void; ended(): Attempt[] } {
  const startedAt = new Map<string, number>();
  const ended: (Attempt | null)[] = [];
  const placeOfCompletion = new Map<string, number>();

  return {
    read({ task, event, from, to, at, reason }) {
      switch (event) {
        case 'started':
          startedAt.set(task, at);
          break;
        case 'reset':
          startedAt.delete(task);
          break;
        case 'revoked':
        case 'recovered': {
          const place = placeOfCompletion.get(task);
          if (from === 'completed' && to !== 'completed' && place !== undefined) ended[place] = null;
          break;
        }
        case 'completed':
        case 'failed':
        case 'cancelled':
          if (event === 'completed') placeOfCompletion.set(task, ended.length);
          ended.push({
            taskId: task,
            outcome: to as AttemptOutcome,
            startedAt: startedAt.get(task) ?? null,
            endedAt: at,
            error: event === 'failed' ? reason : null,
          });
      }
    },
    ended: () => ended.filter((attempt) => attempt !== null),
  };
}

function endedRuns({ job, runs }: ScheduledJob): ReportedRun[] {
  return runs.flatMap(({ status, startedAt, endedAt }) => {
    if (endedAt === null || (status !== 'success' && status !== 'failed')) return [];
    return [{ job, outcome: status === 'success' ? 'completed' : 'failed', startedAt, endedAt } as const];
  });
}
