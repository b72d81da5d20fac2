import { keepNewest } from '../model/keep-newest.ts';
import type { Job } from '../model/run.ts';
import { type EarlierRuns, NO_RUNS, type RunHistory } from './history.ts';
import { jobKey } from './job.ts';

/** What was looked up in the history, held for the next task of the same job. */
export interface Lookups {
  /** Looks up in this history from now on. */
  remember(history: RunHistory): void;
  /** Tells whether there is a history, and time for one more task to look up its earlier runs. */
  mayBegin(nowMs: number): boolean;
  runsLike(job: Job): EarlierRuns;
  /** How long the job usually takes, ms; null if that is not known. */
  usualMs(job: Job): number | null;
  /** Looks up anew what there is of these jobs, by their keys. */
  forget(keys: Iterable<string>): void;
}

/** Looking up earlier runs costs time: at most so many tasks begin with them in a second. */
const BEGINNINGS_A_SECOND = 100;
/** How many jobs' earlier runs are held at once. */
const JOBS_HELD = 32;
/** And of how many it is remembered how long they usually take. */
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

/** The value of `key`, which is made if it is not there; beyond `most`, the oldest gives way. */
function held<T>(values: Map<string, T>, key: string, most: number, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  keepNewest(values, most);
  return made;
}
