import { createExpiries } from './expiries.ts';
import { type Job, nextExpiryOf } from './job.ts';
import { createJobCache, type JobCache } from './job-cache.ts';

/** The jobs as they are at a moment, which goes on: what has expired by then does not count (NIP-40). */
export interface StoredJobs extends JobCache {
  /** When the next thing that was said expires, epoch ms. */
  readonly nextExpiryMs: number | null;
  /** It is `nowMs` (epoch ms) for whatever is put from now on. */
  advance(nowMs: number): void;
  /** Puts the jobs again of which something has expired; returns the ids that may read differently. */
  expire(): string[];
}

/** Creates the store; `dropped` hears of each job that had to make room. */
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
