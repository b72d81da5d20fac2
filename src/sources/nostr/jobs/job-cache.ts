import { isOver, type Job } from './job.ts';

/** The jobs by their ids, at most 100,000. */
export interface JobCache {
  get(id: string): Job | undefined;
  /** Adds or replaces the job; returns the ids of those that had to make room for it, usually none. */
  put(job: Job): readonly string[];
  all(): Iterable<Job>;
  /** Whether jobs had to make room. */
  readonly hasOverflowed: boolean;
}

export const MOST_JOBS = 100_000;

export function createJobCache(capacity = MOST_JOBS): JobCache {
  const jobs = new Map<string, Job>();
  let hasOverflowed = false;

  /** Drops a hundredth at a time: the oldest of those that have ended, and if these are too few, the oldest of all. */
  function makeRoom(): string[] {
    hasOverflowed = true;
    const wanted = Math.ceil(capacity / 100);
    const going: string[] = [];
    for (const job of jobs.values()) {
      if (going.length >= wanted) break;
      if (isExpendable(job)) going.push(job.id);
    }
    for (const id of jobs.keys()) {
      if (going.length >= wanted) break;
      if (!going.includes(id)) going.push(id);
    }
    for (const id of going) jobs.delete(id);
    return going;
  }

  return {
    get: (id) => jobs.get(id),
    put(job) {
      jobs.set(job.id, job);
      return jobs.size > capacity ? makeRoom() : [];
    },
    all: () => jobs.values(),
    get hasOverflowed() {
      return hasOverflowed;
    },
  };
}

/** Tells whether a job has ended, or nothing is known of it but its id. */
function isExpendable(job: Job): boolean {
  return isOver(job) || (job.request === null && job.lanes.size === 0);
}
