import type { BandScore, FinishedRun } from '../model/run.ts';
import type { EtaIndex } from './eta-index.ts';
import type { RunHistory } from './history.ts';

/** Brings the runs that have ended to what learns from them. */
export interface Learning {
  /** Earlier runs count from now on, and what ends is learnt. Closed with this. */
  remember(history: RunHistory): void;
  /** Hears of the runs that have ended; the returned function ends it. */
  listen(listener: (runs: readonly FinishedRun[]) => void): () => void;
  /** Looks what has ended since. */
  collect(): void;
  score(): BandScore | null;
  close(): void;
}

/** How many runs are learnt in one turn of the event loop. */
const LEARNT_AT_ONCE = 25;
/** How many wait for that; thousands of tasks that end again and again would fill the memory. */
const MOST_WAITING = 20_000;
/** How many are learnt at the very end, when somebody waits for us to be gone: the newest. */
const MOST_LEARNT_AT_END = 500;

export function createLearning(index: EtaIndex): Learning {
  const listeners = new Set<(runs: readonly FinishedRun[]) => void>();
  const waiting: FinishedRun[] = [];
  let history: RunHistory | null = null;

  /** What nobody wants to hear of yet stays where it is. */
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

  /** A few at a time, the newest first: learning writes to a disk, and nobody who looks at a screen must notice. */
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
