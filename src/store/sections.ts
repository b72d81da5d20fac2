import { hasEnded, TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import { type Attention, type Standing, standingOf } from './attention.ts';
import { type Dismissals, isDismissed } from './dismissals.ts';
import type { Filter } from './filter.ts';
import { type SortKey, sortEntries } from './select.ts';
import { allEntries, type State, type TaskEntry } from './state.ts';

export const GROUP_KEYS = ['none', 'status', 'source'] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** A part of the list under one heading. `missed` is what ended while nobody looked; `all` has no heading. */
export interface Section {
  readonly of: 'missed' | 'others' | 'all' | 'status' | 'source';
  /** Which status or source; empty for the other kinds. */
  readonly key: string;
  readonly entries: readonly TaskEntry[];
}

export interface Sections {
  readonly sections: readonly Section[];
  /** All listed tasks, in order. */
  readonly entries: readonly TaskEntry[];
  readonly dismissed: number;
  readonly filteredOut: number;
  /** When the sections become different by the passing of time alone (epoch ms). */
  readonly until: number;
}

/** Returns what the list shows, in order: what was missed first, then the rest, in groups if that is asked for. */
export function selectSections(
  state: State,
  options: {
    readonly filter: Filter;
    readonly sort: SortKey;
    readonly group: GroupKey;
    readonly dismissals: Dismissals;
    readonly attention: Attention;
    readonly nowMs: number;
  },
): Sections {
  const all = allEntries(state);
  const kept = withoutDismissed(all, state, options.dismissals);
  const listed = kept.filter(options.filter);
  const { missed, inPlace, until } = standings(listed, options);

  const statusOf = (entry: TaskEntry): TaskStatus =>
    inPlace.has(entry) ? 'running' : entry.task.state.status;
  const others = missed.size === 0 ? listed : listed.filter((entry) => !missed.has(entry));
  const groups = group(sortEntries(others, options.sort, statusOf), options.group);
  const sections = missed.size === 0 ? groups : [missedSection(missed), ...underHeading(groups)];
  return {
    sections,
    entries: sections.length === 1 && sections[0] ? sections[0].entries : sections.flatMap((s) => s.entries),
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

function standings(
  entries: readonly TaskEntry[],
  { attention, nowMs }: { attention: Attention; nowMs: number },
) {
  const sets: Record<Exclude<Standing, 'settled'>, Set<TaskEntry>> = {
    missed: new Set(),
    'in-place': new Set(),
  };
  let soonest = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const { standing, until } = standingOf(entry, attention, nowMs);
    if (standing === 'settled') continue;
    sets[standing].add(entry);
    soonest = Math.min(soonest, until);
  }
  return { missed: sets.missed, inPlace: sets['in-place'], until: soonest };
}

/** Returns what was missed: what failed comes first, then what ended last. */
function missedSection(missed: ReadonlySet<TaskEntry>): Section {
  const rank = (entry: TaskEntry) => (entry.task.state.status === 'failed' ? 0 : 1);
  const entries = [...missed].sort(
    (a, b) => rank(a) - rank(b) || (b.seenEndingAt ?? 0) - (a.seenEndingAt ?? 0),
  );
  return { of: 'missed', key: '', entries };
}

function underHeading(groups: readonly Section[]): readonly Section[] {
  return groups.map((section) => (section.of === 'all' ? { ...section, of: 'others' } : section));
}

const STATUS_ORDER: readonly TaskStatus[] = ['failed', 'needs-input', 'running', 'waiting', 'queued'];

/** Under a status stands only what has it: a row that is kept in its place elsewhere is not kept under a wrong heading. */
function group(entries: readonly TaskEntry[], by: GroupKey): readonly Section[] {
  if (entries.length === 0) return [];
  if (by === 'none') return [{ of: 'all', key: '', entries }];
  const groups = Map.groupBy(entries, (entry) =>
    by === 'source' ? entry.task.source : entry.task.state.status,
  );
  const order: readonly string[] =
    by === 'source' ? [...groups.keys()].sort() : [...new Set([...STATUS_ORDER, ...TASK_STATUSES])];
  return order.flatMap((key) => {
    const members = groups.get(key as TaskStatus);
    return members ? [{ of: by, key, entries: members }] : [];
  });
}
