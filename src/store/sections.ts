import { hasEnded, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { type Attention, unseenUntil } from './attention.ts';
import { type Dismissals, isDismissed } from './dismissals.ts';
import type { Filter } from './filter.ts';
import { isSettled, type SortKey, sortEntries } from './select.ts';
import { allEntries, type State, type TaskEntry } from './state.ts';

export const GROUP_KEYS = ['none', 'status', 'source', 'host'] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** A part of the list. `ended` is what is over, below what lives; `all` has no heading. */
export interface Section {
  readonly of: 'all' | 'ended' | 'status' | 'source' | 'host';
  /** Which status, source or host; empty for the other kinds. */
  readonly key: string;
  readonly entries: readonly TaskEntry[];
}

export interface Sections {
  readonly sections: readonly Section[];
  /** All listed tasks, in order. */
  readonly entries: readonly TaskEntry[];
  /** All tasks that were not dismissed, whether the filter lets them pass or not. */
  readonly kept: readonly TaskEntry[];
  /** Those that ended while nobody looked, whether they are listed or not. */
  readonly unseen: ReadonlySet<TaskEntry>;
  /** Whether nothing about a task needs a person any more: it has ended, and was seen if that matters. */
  readonly isSettled: (entry: TaskEntry) => boolean;
  readonly dismissed: number;
  readonly filteredOut: number;
  /** When the sections become different by the passing of time alone (epoch ms). */
  readonly until: number;
}

/** Returns what the list shows, in order: what needs a person, what lives, what has ended; in groups if asked for. */
export function selectSections(
  state: State,
  options: {
    readonly filter: Filter;
    readonly sort: SortKey;
    readonly group: GroupKey;
    readonly dismissals: Dismissals;
    /** The failures, and what is for review, that somebody has looked at. */
    readonly seen: Dismissals;
    readonly attention: Attention;
    readonly nowMs: number;
  },
): Sections {
  const all = allEntries(state);
  const kept = withoutDismissed(all, state, options.dismissals);
  const listed = kept.filter(options.filter);
  const isSeen = (entry: TaskEntry) => isDismissed(options.seen, state, entry);
  const { unseen, until } = unseenOf(kept, options);
  const sections = group(sortEntries(listed, options.sort, isSeen), options, isSeen);
  return {
    sections,
    entries: sections.length === 1 && sections[0] ? sections[0].entries : sections.flatMap((s) => s.entries),
    kept,
    unseen,
    isSettled: (entry) => isSettled(entry, isSeen),
    dismissed: all.length - kept.length,
    filteredOut: kept.length - listed.length,
    until,
  };
}

function withoutDismissed(
  entries: readonly TaskEntry[],
  state: State,
  dismissals: Dismissals,
): readonly TaskEntry[] {
  for (const _ in dismissals) {
    return entries.filter(
      (entry) => !hasEnded(entry.task.state.status) || !isDismissed(dismissals, state, entry),
    );
  }
  return entries;
}

function unseenOf(
  entries: readonly TaskEntry[],
  { attention, nowMs }: { attention: Attention; nowMs: number },
): { unseen: ReadonlySet<TaskEntry>; until: number } {
  const unseen = new Set<TaskEntry>();
  let soonest = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.seenEndingAt === null) continue;
    const until = unseenUntil(entry, attention);
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
    return members ? [{ of: by, key, entries: members }] : [];
  });
}

function wholeList(entries: readonly TaskEntry[]): Section {
  return { of: 'all', key: '', entries };
}

/** Parts what lives from what has ended, if there is both. */
function withEnded(entries: readonly TaskEntry[], isSeen: (entry: TaskEntry) => boolean): readonly Section[] {
  const end = firstIndex(entries, (entry) => isSettled(entry, isSeen));
  if (end === 0 || end === entries.length) return [wholeList(entries)];
  return [wholeList(entries.slice(0, end)), { of: 'ended', key: '', entries: entries.slice(end) }];
}

/** Returns where the entries begin that pass, of a list in which they are the last ones. */
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
