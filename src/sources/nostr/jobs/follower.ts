import type { VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import type { History } from '../../../nostr/relay/pager.ts';
import { createRecentSet } from '../../../nostr/relay/recent-set.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { jobFilters, laterJobFilters } from './filters.ts';

/** Reads individual jobs from the relays: their requests, results and cancellations, stored and new. */
export interface Follower {
  /** Follows these jobs from now on, and reads what the relays have stored about them. Repeating an id does nothing. */
  follow(ids: Iterable<string>): void;
  /** Whether a relay has not yet sent everything that it has stored. */
  readonly isBusy: boolean;
  close(): void;
}

/** Ids are gathered for a moment, so that a burst of new jobs makes one subscription. */
const GATHER_MS = 20;
const GATHER_IN_BURST_MS = 100;
/** Two lists with this many ids stay below the 128 KiB that relays accept. */
const MOST_IDS = 400;
/** Relays allow few subscriptions: beyond this many, those that have been read are replaced by one. */
const MOST_GROUPS = 8;
/** How many lists are awaited at a time. */
const MOST_ASKED_AT_ONCE = 4;
/** If no relay has answered a list completely by then, none will. */
const READ_AFTER_MS = 60_000;
/** How long to wait for a relay's answer; after that, the jobs are shown as they are. */
const PATIENCE_MS = 3_000;
const OVERLAP_SECONDS = 120;
const REMEMBERED_IDS = 100_000;
const STORED: History = { most: 10_000 };

interface Group {
  readonly ids: readonly string[];
  readonly openedAt: number;
  readonly end: () => void;
  /** Whether the relays have sent what they had stored about these. */
  isAnswered: boolean;
}

export function createFollower(options: {
  relays: Pick<Relays, 'subscribe' | 'peers'>;
  clock: Clock;
  /** Tells whether the request is already known. */
  isKnown: (id: string) => boolean;
  /** Tells whether more may be reported about the job. */
  isOpen: (id: string) => boolean;
  event: (event: VerifiedEvent) => void;
  /** Called when everything that the relays had stored about these was passed on, or they took too long. */
  searched: (ids: readonly string[]) => void;
}): Follower {
  const { relays, clock, isKnown, isOpen, event, searched } = options;
  const seen = createRecentSet<string>(REMEMBERED_IDS);
  const waiting = new Set<string>();
  const patience = new Set<() => void>();
  let groups: Group[] = [];
  let cancelGathering: (() => void) | null = null;
  let lastOpenedAt = Number.NEGATIVE_INFINITY;

  function gather(): void {
    if (cancelGathering || waiting.size === 0 || patience.size >= MOST_ASKED_AT_ONCE) return;
    const isBurst = clock.monotonic() - lastOpenedAt < GATHER_IN_BURST_MS && waiting.size < MOST_IDS;
    cancelGathering = clock.after(isBurst ? GATHER_IN_BURST_MS : GATHER_MS, () => {
      cancelGathering = null;
      openGroup([...waiting].slice(0, MOST_IDS));
      gather();
    });
  }

  function openGroup(ids: readonly string[]): void {
    for (const id of ids) waiting.delete(id);
    lastOpenedAt = clock.monotonic();
    const answered = new Set<string>();
    const conclude = () => {
      if (!patience.delete(cancelPatience)) return;
      cancelPatience();
      searched(ids);
      gather();
    };
    const cancelPatience = clock.after(PATIENCE_MS, conclude);
    patience.add(cancelPatience);
    const caughtUp = (from: string) => {
      answered.add(from);
      const awaited = relays.peers().filter((peer) => peer.status !== 'down' && peer.problem === null);
      if (answered.size < awaited.length) return;
      group.isAnswered = true;
      conclude();
      mergeGroups();
    };
    const unknown = ids.filter((id) => !isKnown(id));
    const end = relays.subscribe(jobFilters(ids, unknown), { event, caughtUp }, STORED);
    const group: Group = { ids, openedAt: lastOpenedAt, end, isAnswered: false };
    groups.push(group);
  }

  /**
   * Merges groups. Jobs that have been read need no subscription of their own: the newest unfinished ones share one. The others
   * are still updated if a relay sends all feedback.
   */
  function mergeGroups(): void {
    if (groups.length <= MOST_GROUPS) return;
    const isRead = (group: Group) => group.isAnswered || clock.monotonic() - group.openedAt > READ_AFTER_MS;
    const read = groups.filter(isRead);
    const ids = read
      .flatMap((group) => group.ids)
      .filter(isOpen)
      .slice(-MOST_IDS);
    groups = groups.filter((group) => !isRead(group));
    if (ids.length > 0) {
      const notBefore = Math.floor(clock.now() / 1000) - OVERLAP_SECONDS;
      const end = relays.subscribe(laterJobFilters(ids), { event, caughtUp() {} }, { ...STORED, notBefore });
      groups.unshift({ ids, openedAt: clock.monotonic(), end, isAnswered: true });
    }
    for (const { end } of read) end();
  }

  return {
    follow(ids) {
      for (const id of ids) {
        if (seen.has(id)) continue;
        seen.add(id);
        waiting.add(id);
      }
      gather();
    },
    get isBusy() {
      return waiting.size > 0 || patience.size > 0;
    },
    close() {
      cancelGathering?.();
      for (const cancel of patience) cancel();
      for (const { end } of groups) end();
    },
  };
}
