import type { BandScore, FinishedRun } from '../model/run.ts';
import type { EtaIndex } from './eta-index.ts';
import type { RunHistory } from './history.ts';

/** Passes the runs that have ended to the history and to listeners. */
export interface Learning {
  /** Uses this history from now on, and adds to it the runs that end. It is closed by `close`. */
  remember(history: RunHistory): void;
  /** Calls `listener` with the runs that have ended; the returned function ends the subscription. */
  listen(listener: (runs: readonly FinishedRun[]) => void): () => void;
  /** Takes the runs that have ended since the last call. */
  collect(): void;
  score(): BandScore | null;
  close(): void;
}

/** How many runs are learnt in one turn of the event loop. */
const LEARNT_AT_ONCE = 25;
/** How many may wait to be learnt: thousands of tasks that end again and again would fill the memory. */
const MOST_WAITING = 20_000;
/** How many (the newest) are learnt on closing, when somebody is waiting for the process to end. */
const MOST_LEARNT_AT_END = 500;

export function createLearning(index: EtaIndex): Learning {
  const listeners = new Set<(runs: readonly FinishedRun[]) => void>();
  const waiting: FinishedRun[] = [];
  let history: RunHistory | null = null;

  /** Collects the runs that have ended. While nobody listens, they stay in the index. */
  function collect(): void {
    if (!history && listeners.size === 0) return;
    const runs = index.takeFinished();
    if (runs.length === 0) return;
    for (const listener of [...listeners]) listener(runs);
    if (!history) return;
    const isIdle = waiting.length === 0;
    for (const run of runs) waiting.push(run);
    if (waiting.length > MOST_WAITING) waiting.splice(0, waiting.length - MOST_WAITING);
    if (isIdle) learnSome();
  }

  /** Learns a few runs at a time, the newest first: it writes to the disk, and must not delay the screen. */
  function learnSome(): void {
    learn(waiting.splice(-LEARNT_AT_ONCE));
    if (waiting.length > 0) setImmediate(learnSome);
  }

  function learn(runs: readonly FinishedRun[]): void {
    if (runs.length === 0 || !history) return;
    history.learn(runs);
    index.learnt(runs);
  }

  return {
    remember(given) {
      history = given;
      index.remember(given);
      collect();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    collect,
    score: () => history?.score() ?? null,
    close() {
      learn(waiting.splice(0).slice(-MOST_LEARNT_AT_END));
      history?.close();
      history = null;
    },
  };
}
