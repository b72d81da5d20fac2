import { readScheduledJobs, type ScheduledJob } from '../../../sources/ledger/scheduler.ts';
import type { TaskTrackingService } from '../../../sources/ledger/service.ts';
import { refusal } from './refusal.ts';
import type { VerbCall } from './verb.ts';

/** The jobs of the scheduler in whose database the ledger is a guest, by name; none where it has a file of its own. */
export async function scheduledJobs(
  ledger: Pick<TaskTrackingService, 'isGuest' | 'path'>,
  { io }: Pick<VerbCall, 'io'>,
): Promise<ReadonlyMap<string, ScheduledJob>> {
  if (!ledger.isGuest) return new Map();
  try {
    return await readScheduledJobs(ledger.path, io.clock);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw refusal(`the jobs of ${ledger.path} cannot be read: ${words}`, 'try again', 'unreadable');
  }
}
