import type { TaskTrackingService } from '../../../ledger/service.ts';
import type { TaskRecord } from '../../../ledger/types.ts';
import { errorMessage } from '../../../model/problem.ts';
import { refusal } from './refusal.ts';
import type { ScheduledJob } from './scheduler.ts';
import { type ShownStatus, shownStatus } from './task-words.ts';
import type { VerbCall } from './verb.ts';

/**
 * Returns, for the verbs that show jobs, the jobs of the scheduler whose database contains the ledger, by name; none if the
 * ledger has a file of its own.
 */
export async function scheduledJobs(
  ledger: Pick<TaskTrackingService, 'isGuest' | 'path'>,
  { io }: Pick<VerbCall, 'io'>,
): Promise<ReadonlyMap<string, ScheduledJob>> {
  if (!ledger.isGuest) return new Map();
  const { readScheduledJobs } = await import('./scheduler.ts');
  try {
    return await readScheduledJobs(ledger.path, io.clock);
  } catch (error) {
    const words = errorMessage(error);
    throw refusal(`the jobs of ${ledger.path} cannot be read: ${words}`, 'try again', 'unreadable');
  }
}

/** A job: its tasks, and what its scheduler says about it. */
export interface Job {
  readonly job: string;
  readonly tasks: readonly TaskRecord[];
  readonly scheduled: ScheduledJob | null;
}

/** Counts tasks by status; a status that does not occur is left out. */
export function countByStatus(tasks: readonly TaskRecord[]): Partial<Record<ShownStatus, number>> {
  return Object.fromEntries(
    [...Map.groupBy(tasks, shownStatus)].map(([status, same]) => [status, same.length]),
  );
}

/** Returns the unfinished tasks of other jobs that this job's tasks depend on. */
export function waitsForOthers(tasks: readonly TaskRecord[]): string[] {
  const own = new Set(tasks.map(({ definition }) => definition.id));
  return [...new Set(tasks.flatMap(({ waitsFor }) => waitsFor))].filter((id) => !own.has(id));
}

/** Counts outcomes among a job's latest runs. */
export function countRuns({ runs }: ScheduledJob, status: 'success' | 'failed'): number {
  return runs.filter((run) => run.status === status).length;
}
