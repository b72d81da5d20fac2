import { keepNewest } from '../model/keep-newest.ts';
import type { Job } from '../model/run.ts';
import { type EarlierRuns, NO_RUNS, type RunHistory } from './history.ts';
import { jobKey } from './job.ts';

/** A cache of what was looked up in the history, for the next task of the same job. */
export interface Lookups {
  /** Uses this history from now on. */
  remember(history: RunHistory): void;
  /** Tells whether there is a history, and the rate limit lets one more task look up its earlier runs. */
  mayBegin(nowMs: number): boolean;
  runsLike(job: Job): EarlierRuns;
  /** Returns how long the job usually takes, ms; null if that is not known. */
  usualMs(job: Job): number | null;
  /** Drops what is cached about the jobs with these keys, so that it is looked up again. */
  forget(keys: Iterable<string>): void;
}

/** Looking up earlier runs takes time: at most this many tasks begin with it each second. */
const BEGINNINGS_A_SECOND = 100;
/** For how many jobs earlier runs are cached. */
const JOBS_HELD = 32;
/** For how many jobs their usual duration is cached. */
const USUAL_HELD = 10_000;

export function createLookups(): Lookups {
  const runs = new Map<string, EarlierRuns>();
  const usual = new Map<string, number | null>();
  let history: RunHistory | null = null;
  let begun = { second: 0, count: 0 };

  return {
    remember(given) {
      history = given;
      runs.clear();
      usual.clear();
    },
    mayBegin(nowMs) {
      if (!history) return false;
      const second = Math.floor(nowMs / 1_000);
      begun = { second, count: begun.second === second ? begun.count + 1 : 1 };
      return begun.count <= BEGINNINGS_A_SECOND;
    },
    runsLike: (job) => held(runs, jobKey(job), JOBS_HELD, () => history?.runsLike(job) ?? NO_RUNS),
    usualMs: (job) => history && held(usual, jobKey(job), USUAL_HELD, () => history?.usualMs(job) ?? null),
    forget(keys) {
      for (const key of keys) {
        runs.delete(key);
        usual.delete(key);
      }
    },
  };
}

/** Returns the cached value of `key`, or makes it. Beyond `most` values, the oldest is dropped. */
function held<T>(values: Map<string, T>, key: string, most: number, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  keepNewest(values, most);
  return made;
}
