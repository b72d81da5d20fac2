import { createExpiries } from './expiries.ts';
import { type Job, nextExpiryOf } from './job.ts';
import { createJobCache, type JobCache } from './job-cache.ts';

/** The jobs at a moment that advances: what has expired by then does not count (NIP-40). */
export interface StoredJobs extends JobCache {
  /** When the next report expires, epoch ms. */
  readonly nextExpiryMs: number | null;
  /** Sets the time for jobs that are put from now on to `nowMs` (epoch ms). */
  advance(nowMs: number): void;
  /** Puts the jobs again for which something has expired; returns the ids whose rows may change. */
  expire(): string[];
}

/** Creates the store; `dropped` is called with each job that had to make room. */
export function createStoredJobs(dropped: (id: string) => void): StoredJobs {
  const jobs = createJobCache();
  const expiries = createExpiries();
  let asOfMs = 0;

  function put(known: Job): readonly string[] {
    const job = { ...known, asOfMs };
    const gone = jobs.put(job);
    expiries.set(job.id, nextExpiryOf(job));
    for (const id of gone) {
      dropped(id);
      expiries.set(id, null);
    }
    return gone;
  }

  return {
    get: jobs.get,
    all: jobs.all,
    put,
    get hasOverflowed() {
      return jobs.hasOverflowed;
    },
    get nextExpiryMs() {
      return expiries.nextMs;
    },
    advance(nowMs) {
      asOfMs = nowMs;
    },
    expire() {
      return expiries.due(asOfMs).flatMap((id) => {
        const job = jobs.get(id);
        return job ? [id, ...put(job)] : [];
      });
    },
  };
}
