import type { Clock } from '../../clock.ts';

/** Has a relay's messages wait for everything else, whatever they are. */
export interface Pace {
  /** Takes a message, and lets the relay wait where what came together has taken long. */
  take(work: () => void): void;
  /** Ends a rest that is under way without a call of `goOn`. */
  stop(): void;
}

/** Longer than this, what a relay says at once is noticed by who presses a key. */
const NOTICED_MS = 10;
/** A machine that stood still is no reason to wait long. */
const LONGEST_REST_MS = 100;

/**
 * Creates a pace for a relay's messages: even a flood of the smallest ones gets at most half of our time, in short
 * pieces. `rest` is called when they have had theirs, `goOn` when it is their turn again.
 */
export function createPace(clock: Clock, { rest, goOn }: { rest: () => void; goOn: () => void }): Pace {
  let tookMs = 0;
  let turn: NodeJS.Immediate | null = null;
  let isResting = false;
  let cancel = () => {};

  function turnOver(): void {
    turn = null;
    if (!isResting) tookMs = 0;
  }

  function restFor(ms: number): void {
    isResting = true;
    rest();
    cancel = clock.after(ms, () => {
      isResting = false;
      tookMs = 0;
      goOn();
    });
  }

  return {
    take(work) {
      turn ??= setImmediate(turnOver);
      const startedAt = clock.monotonic();
      work();
      tookMs += clock.monotonic() - startedAt;
      if (!isResting && tookMs > NOTICED_MS) restFor(Math.min(LONGEST_REST_MS, tookMs));
    },
    stop() {
      if (turn) clearImmediate(turn);
      cancel();
    },
  };
}
