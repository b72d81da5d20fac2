import { existsSync } from 'node:fs';
import path from 'node:path';
import { NO_RUNS, type RunHistory } from '../eta/history.ts';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import type { BandScore, FinishedRun } from '../model/run.ts';
import { plainName } from '../model/text.ts';
import { databaseProblem } from '../storage/database-problem.ts';
import { userDirectories } from '../storage/directories.ts';
import { makeDirectoryNow } from '../storage/make-directory.ts';
import { openRunHistory, type RunHistoryStore } from '../storage/run-history.ts';
import { bandScore } from '../storage/run-history-report.ts';
import type { SessionContext } from './context.ts';

/** Returns the file that keeps the durations of earlier runs. */
export function historyFile({ env }: Pick<SessionContext, 'env'>): string {
  return path.join(userDirectories(env).data, 'history.db');
}

/** Runs that cannot be written because others are writing are kept for a later attempt; at most this many. */
const MOST_UNSAVED = 1_000;

/**
 * Opens the history in `file` when it is needed. If it cannot be read or written, `onProblem` is told once, and everything
 * continues as if there were no history. Only learning creates the file.
 */
export function createLazyHistory(file: string, onProblem: (problem: Problem) => void): RunHistory {
  let store: RunHistoryStore | null = null;
  let isBroken = false;
  let hasComplained = false;
  let unsaved: FinishedRun[] = [];
  let score: BandScore | null = null;

  function opened(): RunHistoryStore {
    store ??= openRunHistory(file);
    return store;
  }

  /**
   * Returns `otherwise` if `work` fails. Unless the failure may be temporary (others are writing), the history is not used
   * again.
   */
  function attempt<T>(work: (store: RunHistoryStore) => T, otherwise: T): T {
    if (isBroken) return otherwise;
    try {
      return work(opened());
    } catch (error) {
      const said = databaseProblem(error, file) ?? unreadable(error, file);
      isBroken = said.kind !== 'no-answer';
      if (!hasComplained) onProblem(inContext(said));
      hasComplained = true;
      return otherwise;
    }
  }

  const isThere = () => store !== null || existsSync(file);

  function learn(runs: readonly FinishedRun[]): void {
    const all = [...unsaved, ...runs];
    if (all.length === 0) return;
    const isSaved = attempt((history) => {
      history.learn(all);
      return true;
    }, false);
    unsaved = isSaved ? [] : all.slice(-MOST_UNSAVED);
    score = null;
  }

  return {
    runsLike: (job) => (isThere() ? attempt((history) => history.runsLike(job), NO_RUNS) : NO_RUNS),
    usualMs: (job) => (isThere() ? attempt((history) => history.usualMs(job), null) : null),
    score() {
      if (isThere()) score ??= attempt(({ database }) => bandScore(database), null);
      return score;
    },
    learn(runs) {
      if (!isThere()) attemptToMakeDirectory(file);
      learn(runs);
    },
    close() {
      if (unsaved.length > 0) learn([]);
      try {
        store?.close();
      } catch {} // a full disk: what was learnt last is lost
    },
  };
}

/** Makes the directory. If that fails, opening the database will say why. */
function attemptToMakeDirectory(file: string): void {
  try {
    makeDirectoryNow(path.dirname(file), 0o700);
  } catch {}
}

/** Adds what the problem costs, and how to solve it. */
function inContext({ kind, message, hint }: Problem): Problem {
  const words = plainName(`ETAs cannot use earlier runs: ${message}`);
  return problem('unreadable', 'degraded', words, kind === 'malformed' ? START_OVER : hint);
}

const START_OVER = 'taskglass config history --forget --all starts over';

function unreadable(error: unknown, file: string): Problem {
  const words = errorMessage(error);
  return problem('malformed', 'degraded', plainName(`${file}: ${words}`));
}
