import type { Throttle } from '../../../io/throttle.ts';
import { keepNewest } from '../../../model/keep-newest.ts';
import type { StoredJob } from '../../../storage/outbox.ts';
import { type JobRecord, restoreJob } from './job.ts';
import type { JobRequest } from './request.ts';
import type { JobState } from './states.ts';

/** The jobs of a tracker by their ids, and how those that have ended did so. */
export interface JobTable {
  add(request: JobRequest): JobRecord;
  /** Restores a job that an earlier process left; returns null if it had ended. */
  restore(stored: StoredJob): JobRecord | null;
  /** Forgets everything about the job except its end. */
  end(id: string, state: JobState): void;
  get(id: string): JobRecord | undefined;
  stateOf(id: string): JobState | undefined;
  hasEnded(id: string): boolean;
  /** Returns the jobs that have not ended. */
  all(): Iterable<JobRecord>;
}

/** How many ended jobs are remembered, at least: a relay may send their requests again. */
const REMEMBERED_ENDS = 50_000;

/** Creates the table of jobs; `throttle` creates the throttle for a job's progress. */
export function createJobTable(throttle: (job: () => JobRecord) => Throttle): JobTable {
  const jobs = new Map<string, JobRecord>();
  const ends = new Map<string, JobState>();

  function put(request: JobRequest, resumed: boolean, known: Partial<JobRecord> = {}): JobRecord {
    const job: JobRecord = {
      request,
      resumed,
      stopping: new AbortController(),
      throttle: throttle(() => job),
      state: 'queued',
      startedAt: null,
      progress: null,
      endsAt: null,
      message: '',
      stamp: 0,
      said: Promise.resolve(),
      cancelTimeout: null,
      ...known,
    };
    jobs.set(request.id, job);
    return job;
  }

  function end(id: string, state: JobState): void {
    jobs.delete(id);
    ends.set(id, state);
    keepNewest(ends, REMEMBERED_ENDS);
  }

  return {
    add: (request) => put(request, false),
    restore(stored) {
      const state = stored.state as JobState;
      if (stored.ended) {
        end(stored.id, state);
        return null;
      }
      const { request, ...known } = restoreJob(stored);
      return put(request, state !== 'queued', { ...known, state });
    },
    end,
    get: (id) => jobs.get(id),
    stateOf: (id) => jobs.get(id)?.state ?? ends.get(id),
    hasEnded: (id) => ends.has(id),
    all: () => jobs.values(),
  };
}
