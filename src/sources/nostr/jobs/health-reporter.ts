import type { Clock } from '../../../clock.ts';
import type { Peer, SourceEvent } from '../../../model/event.ts';
import type { Problem } from '../../../model/problem.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { problemOf } from './health.ts';

/** Reports the state of the source: its relays' health, its first snapshot, that it is live, what is wrong. */
export interface HealthReporter {
  /** Checks what to report, because something has happened. */
  check(): void;
  /** Whether the snapshot was reported. Before that, single changes are not. */
  readonly hasSnapshot: boolean;
  close(): void;
}

/** A relay that has been sending for this long has much to send: what is known by then is shown. */
const FIRST_LOOK_MS = 5_000;
/** How long, after the first relay has caught up, the others and missing requests are waited for. */
const PATIENCE_MS = 3_000;

export function createHealthReporter(options: {
  relays: Pick<Relays, 'peers' | 'onHealth'>;
  clock: Clock;
  /** Tells whether something is still being looked for. */
  isBusy: () => boolean;
  /** Returns what is wrong apart from the relays. */
  trouble: () => Problem | null;
  tellAll: () => void;
  tell: (event: SourceEvent) => void;
}): HealthReporter {
  const { relays, clock, isBusy, trouble, tellAll, tell } = options;
  let hasSnapshot = false;
  let isSettled = false;
  let patience: 'not begun' | 'waiting' | 'over' = 'not begun';
  let cancelPatience = () => {};
  let told: { live: boolean; problem: string | null } = { live: false, problem: null };

  const stopListening = relays.onHealth(tellHealth);
  const cancelFirstLook = clock.after(FIRST_LOOK_MS, () => {
    if (relays.peers().some(({ status }) => status !== 'down')) tellSnapshot();
  });
  tellHealth();

  function tellHealth(): void {
    tell({ type: 'health', peers: relays.peers() });
    check();
  }

  function check(): void {
    const peers = relays.peers();
    const isLive = peers.some(({ status }) => status === 'live');
    if (isLive) settle(peers);
    tellChange(isLive && isSettled, problemOf(peers) ?? trouble());
  }

  function settle(peers: readonly Peer[]): void {
    if (patience === 'not begun') {
      patience = 'waiting';
      cancelPatience = clock.after(PATIENCE_MS, () => {
        patience = 'over';
        check();
      });
    }
    const isReady = !isBusy() || patience === 'over';
    if (isReady) tellSnapshot();
    const isComing = peers.some(({ status, problem }) => status === 'connecting' && problem === null);
    isSettled ||= isReady && (!isComing || patience === 'over');
  }

  function tellSnapshot(): void {
    if (hasSnapshot) return;
    hasSnapshot = true;
    tellAll();
  }

  /** Reports a change of health. `live` clears a problem that is over, so it comes first. */
  function tellChange(live: boolean, problem: Problem | null): void {
    const message = problem?.message ?? null;
    if (live === told.live && message === told.problem) return;
    if (live && (!told.live || told.problem !== null)) tell({ type: 'live' });
    if (problem) tell({ type: 'problem', problem });
    told = { live, problem: message };
  }

  return {
    check,
    get hasSnapshot() {
      return hasSnapshot;
    },
    close() {
      cancelFirstLook();
      cancelPatience();
      stopListening();
    },
  };
}
