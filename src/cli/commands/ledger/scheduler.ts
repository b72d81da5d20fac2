import { type Clock, sleep } from '../../../clock.ts';
import type { JobRecord } from '../../../sources/job-runs/job-list.ts';
import { createJobsReader } from '../../../sources/job-runs/read-jobs.ts';
import { decodeRuns, isRunning, type Run, successDurations } from '../../../sources/job-runs/runs.ts';
import { parseStamp } from '../../../sources/job-runs/times.ts';
import { isDisabled } from '../../../sources/job-runs/words.ts';
import { canReadUntouched } from '../../../storage/read-untouched.ts';

/** What a scheduler whose database contains a ledger says about one of its jobs. Times are epoch ms. */
export interface ScheduledJob {
  readonly job: string;
  readonly isDisabled: boolean;
  /** How many of its runs are waiting to start. */
  readonly queued: number;
  readonly nextRunAt: number | null;
  /** How long after a run the next one is planned; null if it does not repeat. */
  readonly everyMs: number | null;
  /** Its latest runs that have started, newest first. */
  readonly runs: readonly Run[];
  readonly isRunning: boolean;
  /** The durations of the successful ones among `runs`, oldest first. */
  readonly durationsMs: readonly number[];
}

/** A writer commits within this time, and a reader can wait that long. */
const BUSY_LIMIT_MS = 5_000;
const BUSY_PAUSE_MS = 20;

/**
 * Reads the jobs in a scheduler's database, by name; none if it has none, or if the file is only a ledger. Leaves no trace,
 * and waits for a writer. Throws SQLite's error, or one of its own after 5 s of writing.
 */
export async function readScheduledJobs(
  path: string,
  clock: Clock,
): Promise<ReadonlyMap<string, ScheduledJob>> {
  const records = canReadUntouched(path) ? await readRecords(path, clock) : [];
  const nowMs = clock.now();
  return new Map(records.map((record) => [record.name, decodeJob(record, nowMs)]));
}

async function readRecords(path: string, clock: Clock): Promise<readonly JobRecord[]> {
  const giveUpAt = clock.monotonic() + BUSY_LIMIT_MS;
  const read = createJobsReader(path);
  for (;;) {
    const reading = await read();
    if ('value' in reading) return reading.value?.records ?? [];
    if ('error' in reading) throw reading.error;
    if (clock.monotonic() >= giveUpAt) throw new Error('it is being written to all the time');
    await sleep(clock, BUSY_PAUSE_MS);
  }
}

function decodeJob(record: JobRecord, nowMs: number): ScheduledJob {
  const { runs } = decodeRuns(record.runs, nowMs, null);
  const everyMs = Number(record.job?.reschedule_in ?? Number.NaN);
  return {
    job: record.name,
    isDisabled: isDisabled(record.job),
    queued: record.queued,
    nextRunAt: parseStamp(record.nextRun),
    everyMs: Number.isFinite(everyMs) && record.job?.reschedule !== '0' ? everyMs : null,
    runs,
    isRunning: runs.some(isRunning),
    durationsMs: successDurations(runs),
  };
}
