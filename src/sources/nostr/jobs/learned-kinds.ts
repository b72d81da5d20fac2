import type { Clock } from '../../../clock.ts';
import { COMMON_REQUEST_KINDS, isRequestKind, resultKindOf } from '../../../nostr/nip90/format.ts';

/** Asks for results of uncommon kinds once a job has shown that they are in use. */
export interface LearnedKinds {
  /** Reports that a job of this kind was seen. */
  saw(requestKind: number): void;
  close(): void;
}

/** As many as fit into one filter. */
const MOST_LEARNED = 20;
/** Jobs arrive in bursts: all of their kinds share one subscription. */
const GATHER_MS = 100;

/**
 * Creates the list of learned kinds. `subscribe` asks for results of these kinds, and returns a function that ends the
 * subscription.
 */
export function createLearnedKinds(options: {
  clock: Clock;
  subscribe: (resultKinds: readonly number[]) => () => void;
}): LearnedKinds {
  const { clock, subscribe } = options;
  const kinds = new Set<number>();
  let cancelGathering: (() => void) | null = null;
  let end = () => {};

  function renew(): void {
    cancelGathering = null;
    const endBefore = end;
    end = subscribe([...kinds]);
    endBefore();
  }

  return {
    saw(requestKind) {
      if (!isRequestKind(requestKind) || COMMON_REQUEST_KINDS.includes(requestKind)) return;
      const kind = resultKindOf(requestKind);
      if (kinds.has(kind) || kinds.size >= MOST_LEARNED) return;
      kinds.add(kind);
      cancelGathering ??= clock.after(GATHER_MS, renew);
    },
    close() {
      cancelGathering?.();
      end();
    },
  };
}
