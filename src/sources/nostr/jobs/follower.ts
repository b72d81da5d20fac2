import type { VerifiedEvent } from 'nostr-tools/core';
import type { Clock } from '../../../clock.ts';
import type { History } from '../../../nostr/relay/pager.ts';
import { createRecentSet } from '../../../nostr/relay/recent-set.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { jobFilters, laterJobFilters } from './filters.ts';

/** Reads single jobs from the relays: their requests, results and cancellations, stored ones and new ones. */
export interface Follower {
  /** From now on, and what the relays have stored of them. Twice is once. */
  follow(ids: Iterable<string>): void;
  /** Is a relay still to say what it has stored? */
  readonly isBusy: boolean;
  close(): void;
}

/** Ids are gathered for a moment, so that a burst of new jobs is one subscription. */
const GATHER_MS = 20;
const GATHER_IN_BURST_MS = 100;
/** Two lists of so many ids stay below the 128 KiB that relays take. */
const MOST_IDS = 400;
/** Relays allow few subscriptions: beyond so many, those that have been read are replaced by one. */
const MOST_GROUPS = 8;
/** So many lists at a time are waited for. */
const MOST_ASKED_AT_ONCE = 4;
/** A list that no relay has answered completely by then won't be. */
const READ_AFTER_MS = 60_000;
/** Until a relay must have answered; then the jobs are shown as they are. */
const PATIENCE_MS = 3_000;
const OVERLAP_SECONDS = 120;
const REMEMBERED_IDS = 100_000;
const STORED: History = { most: 10_000 };

interface Group {
  readonly ids: readonly string[];
  readonly openedAt: number;
  readonly end: () => void;
  /** Have the relays sent what they had stored of these? */
  isAnswered: boolean;
}

export function createFollower(options: {
  relays: Pick<Relays, 'subscribe' | 'peers'>;
  clock: Clock;
  /** Is the request known already? */
  isKnown: (id: string) => boolean;
  /** May more be said of the job? */
  isOpen: (id: string) => boolean;
  event: (event: VerifiedEvent) => void;
  /** All that the relays had stored of these was handed on; or they took too long. */
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
   * Merges groups. What has been read needs no subscription of its own: of these jobs, the newest that go on share one.
   * The others are still heard of if a relay sends all feedback.
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
