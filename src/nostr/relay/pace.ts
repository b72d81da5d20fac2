import type { Clock } from '../../clock.ts';

/** Keeps a relay's messages from delaying everything else. */
export interface Pace {
  /** Handles a message, and makes the relay wait if the messages of this turn have taken long. */
  take(work: () => void): void;
  /** Ends a rest without calling `goOn`. */
  stop(): void;
}

/** If handling messages takes longer than this at a time, somebody who presses a key notices it. */
const NOTICED_MS = 10;
/** The longest rest, because messages also seem to take long if the machine was suspended. */
const LONGEST_REST_MS = 100;

/**
 * Creates a pace for a relay's messages: even a flood of tiny ones gets at most half of our time, in short pieces. `rest` is
 * called when they have used theirs up, `goOn` when it is their turn again.
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
