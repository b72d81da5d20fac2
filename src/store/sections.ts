import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { Arrangement, ArrangeOptions } from './arrange.ts';
import { type Attention, unseenUntil } from './attention.ts';
import { type IsSeen, isSeenIn, isSettled, needsPerson } from './place.ts';
import type { SortKey } from './select.ts';
import { countEntries, type TaskEntry } from './state.ts';
import type { Tally } from './tally.ts';

export const GROUP_KEYS = ['none', 'status', 'source', 'host', 'repo'] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** A part of the list. `ended` holds the settled tasks, below all others; `all` has no heading. */
export interface Section {
  readonly of: 'all' | 'ended' | 'status' | 'source' | 'host' | 'repo';
  /** Which status, source, host or repository; empty for `all` and `ended`. */
  readonly key: string;
  /** The list that contains its tasks, as `length` entries beginning at `from`. It is shared: copies would be large. */
  readonly list: readonly TaskEntry[];
  readonly from: number;
  readonly length: number;
}

/** Returns the tasks of a part of the list. */
export function entriesOf({ list, from, length }: Section): readonly TaskEntry[] {
  return length === list.length ? list : list.slice(from, from + length);
}

export interface Sections {
  readonly sections: readonly Section[];
  /** All listed tasks, in order. */
  readonly entries: readonly TaskEntry[];
  /** How many tasks were not dismissed, whether the filter lets them pass or not. */
  readonly kept: number;
  /** The counts of the `kept` tasks. */
  readonly tally: Tally;
  /** The tasks that ended while nobody looked, whether they are listed or not. */
  readonly unseen: ReadonlySet<TaskEntry>;
  /** Tells whether a task has ended, and nobody needs to look at it. */
  readonly isSettled: (entry: TaskEntry) => boolean;
  readonly dismissed: number;
  readonly filteredOut: number;
  /** When the sections will change even without an update (epoch ms). */
  readonly until: number;
}

interface SectionOptions extends ArrangeOptions {
  readonly group: GroupKey;
  readonly attention: Attention;
  readonly nowMs: number;
}

/** Returns the sections of the list: the settled tasks below all others, or the groups that were asked for. */
export function sectionsOf({ state, sorted, listed, tally }: Arrangement, options: SectionOptions): Sections {
  const isSeen = isSeenIn(state, options.seen);
  const { unseen, until } = unseenOf(tally.seenEnding, options, isSeen);
  const sections = group(listed, options, isSeen);
  const inOrder = options.group === 'none';
  return {
    sections,
    entries: inOrder ? listed : sections.flatMap(entriesOf),
    kept: sorted.length,
    tally,
    unseen,
    isSettled: (entry) => isSettled(entry, isSeen),
    dismissed: countEntries(state) - sorted.length,
    filteredOut: sorted.length - listed.length,
    until,
  };
}

/** Returns the listed tasks that need, or may come to need, a person. */
export function unsettledOf({ sections, entries, isSettled }: Sections): readonly TaskEntry[] {
  const [first, second] = sections;
  // Without groups, they are exactly the first section.
  if (first?.of === 'all' && second?.of === 'ended') return entriesOf(first);
  return entries.filter((entry) => !isSettled(entry));
}

function unseenOf(
  entries: Iterable<TaskEntry>,
  { attention, nowMs }: { attention: Attention; nowMs: number },
  isSeen: IsSeen,
): { unseen: ReadonlySet<TaskEntry>; until: number } {
  const unseen = new Set<TaskEntry>();
  let soonest = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.seenEndingAt === null || isSeen(entry)) continue;
    const until = unseenUntil(entry, attention, needsPerson(entry, isSeen));
    if (nowMs >= until) continue;
    unseen.add(entry);
    soonest = Math.min(soonest, until);
  }
  return { unseen, until: soonest };
}

const STATUS_ORDER: readonly TaskStatus[] = ['needs-input', 'failed', 'running', 'waiting', 'queued'];

const KEY_OF: Readonly<Record<Exclude<GroupKey, 'none'>, (entry: TaskEntry) => string>> = {
  status: ({ task }) => task.state.status,
  source: ({ task }) => task.source,
  host: ({ task }) => task.host ?? 'no host named',
  repo: ({ task }) => task.repo ?? 'no repository',
};

function group(
  entries: readonly TaskEntry[],
  { group: by, sort }: { readonly group: GroupKey; readonly sort: SortKey },
  isSeen: (entry: TaskEntry) => boolean,
): readonly Section[] {
  if (entries.length === 0) return [];
  if (by === 'none') return sort === 'urgency' ? withEnded(entries, isSeen) : [wholeList(entries)];
  const groups = Map.groupBy(entries, KEY_OF[by]);
  const order: readonly string[] =
    by === 'status' ? [...new Set([...STATUS_ORDER, ...TASK_STATUSES])] : [...groups.keys()].sort();
  return order.flatMap((key) => {
    const members = groups.get(key);
    return members ? [{ of: by, key, list: members, from: 0, length: members.length }] : [];
  });
}

function wholeList(entries: readonly TaskEntry[]): Section {
  return { of: 'all', key: '', list: entries, from: 0, length: entries.length };
}

/** Splits the list into open and settled tasks, if it has both. */
function withEnded(entries: readonly TaskEntry[], isSeen: (entry: TaskEntry) => boolean): readonly Section[] {
  const end = firstIndex(entries, (entry) => isSettled(entry, isSeen));
  if (end === 0 || end === entries.length) return [wholeList(entries)];
  return [
    { of: 'all', key: '', list: entries, from: 0, length: end },
    { of: 'ended', key: '', list: entries, from: end, length: entries.length - end },
  ];
}

/** Returns the index of the first entry that passes; all that pass must be at the end of the list. */
function firstIndex(entries: readonly TaskEntry[], passes: (entry: TaskEntry) => boolean): number {
  let [from, to] = [0, entries.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const entry = entries[middle];
    if (entry && passes(entry)) to = middle;
    else from = middle + 1;
  }
  return from;
}
