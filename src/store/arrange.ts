import { hasEnded } from '../model/task.ts';
import { type Dismissals, isDismissed } from './dismissals.ts';
import { type Filter, parseFilter } from './filter.ts';
import { isSeenIn } from './place.ts';
import { type Compare, listOrder, type SortKey, sortEntries } from './select.ts';
import { allEntries, type State, type TaskEntry } from './state.ts';
import { changedTally, type Tally, tallyOf } from './tally.ts';
import { touchedBetween } from './touched.ts';

/** Which tasks are listed, and in which order. */
export interface ArrangeOptions {
  /** The filter as it was typed. */
  readonly filter: string;
  readonly sort: SortKey;
  readonly dismissals: Dismissals;
  /** The failures, and the tasks for review, that somebody has looked at. */
  readonly seen: Dismissals;
}

/** The tasks in the list's order, with what they were arranged from. */
export interface Arrangement {
  readonly state: State;
  readonly options: ArrangeOptions;
  /** All tasks that were not dismissed, in the list's order; `listed` are those that pass the filter. */
  readonly sorted: readonly TaskEntry[];
  readonly listed: readonly TaskEntry[];
  readonly tally: Tally;
}

/** If more than this share of the tasks has changed, sorting all of them is as fast. */
const MOST_TOUCHED = 0.1;

/**
 * Arranges the tasks as the list shows them. Given an earlier arrangement, it moves only the tasks that have changed since:
 * sorting a hundred thousand takes a tenth of a second, and would be needed whenever one of them changes.
 */
export function arrange(
  state: State,
  options: ArrangeOptions,
  before: Arrangement | null = null,
): Arrangement {
  return (before && rearranged(state, options, before)) ?? arrangedAnew(state, options);
}

function arrangedAnew(state: State, options: ArrangeOptions): Arrangement {
  const all = allEntries(state);
  const keeps = keeping(state, options.dismissals);
  const kept = keeps ? all.filter(keeps) : [...all];
  const tally = tallyOf(kept);
  const sorted = sortEntries(kept, options.sort, isSeenIn(state, options.seen));
  return { state, options, sorted, listed: filtered(sorted, state, options), tally };
}

/** Updates an earlier arrangement; returns null if too much has changed. */
function rearranged(state: State, options: ArrangeOptions, before: Arrangement): Arrangement | null {
  const was = before.options;
  if (was.sort !== options.sort) return null;
  const touched = touchedBetween(
    { state: before.state, marks: [was.dismissals, was.seen] },
    { state, marks: [options.dismissals, options.seen] },
    Math.max(1, before.sorted.length * MOST_TOUCHED),
  );
  if (!touched) return null;
  const keeps = keeping(state, options.dismissals);
  const didKeep = keeping(before.state, was.dismissals);
  const gone = didKeep ? touched.gone.filter(didKeep) : touched.gone;
  const come = keeps ? touched.come.filter(keeps) : touched.come;
  const orderThen = exact(listOrder(was.sort, isSeenIn(before.state, was.seen)), tableOrder(before.state));
  const order = exact(listOrder(options.sort, isSeenIn(state, options.seen)), tableOrder(state));
  const patch = (list: readonly TaskEntry[], added: readonly TaskEntry[]) =>
    patched(list, placesOf(gone, list, orderThen), added, order);
  const sorted = patch(before.sorted, come);
  const listed =
    was.filter === options.filter && !passesAll(options)
      ? patch(before.listed, filtered(come, state, options))
      : filtered(sorted, state, options);
  const tally = changedTally(before.tally, new Set(gone), come);
  return { state, options, sorted, listed, tally };
}

/** Breaks ties in the list's order by the order in which the sources list the tasks. */
function exact(order: Compare, place: Compare): Compare {
  return (a, b) => order(a, b) || place(a, b);
}

/** Returns a filter for the tasks that were not dismissed; null if all pass it. */
function keeping(state: State, dismissals: Dismissals): Filter | null {
  for (const _ in dismissals)
    return (entry) => !hasEnded(entry.task.state.status) || !isDismissed(dismissals, state, entry);
  return null;
}

function passesAll({ filter }: ArrangeOptions): boolean {
  return filter.trim() === '';
}

function filtered(
  entries: readonly TaskEntry[],
  state: State,
  options: ArrangeOptions,
): readonly TaskEntry[] {
  if (passesAll(options)) return entries;
  return entries.filter(parseFilter(options.filter, isSeenIn(state, options.seen)));
}

/** Compares by the order in which the sources list their tasks. */
function tableOrder(state: State): Compare {
  const ranks = new Map([...state.sources.keys()].map((id, index) => [id, index]));
  return (a, b) => {
    if (a.task.source !== b.task.source)
      return (ranks.get(a.task.source) ?? 0) - (ranks.get(b.task.source) ?? 0);
    const table = state.sources.get(a.task.source)?.tasks;
    return (table?.placeOf(a.task.id) ?? 0) - (table?.placeOf(b.task.id) ?? 0);
  };
}

/**
 * Returns the places of those entries that are in a sorted list. Searches by order: visiting each of a hundred thousand
 * entries takes 30 ms, because they are scattered over the memory.
 */
function placesOf(entries: readonly TaskEntry[], list: readonly TaskEntry[], compare: Compare): Uint32Array {
  const places = entries.map((entry) => placeFor(entry, list, list.length, compare));
  return Uint32Array.from(places.filter((place, index) => list[place] === entries[index])).sort();
}

/**
 * Returns a sorted list without the entries at the places `gone`, and with those in `come` inserted. Allocates only that one
 * list: each takes a megabyte, and there is one for every frame.
 */
function patched(
  list: readonly TaskEntry[],
  gone: Uint32Array,
  come: readonly TaskEntry[],
  compare: Compare,
): readonly TaskEntry[] {
  if (gone.length === 0 && come.length === 0) return list;
  const made = new Array<TaskEntry>(list.length - gone.length + come.length);
  const { length, others } = replaced(list, gone, come, compare, made);
  let end = length;
  for (let at = others.length - 1; at >= 0; at -= 1) {
    const entry = others[at] as TaskEntry;
    const place = placeFor(entry, made, end, compare);
    for (let from = end - 1; from >= place; from -= 1) made[from + at + 1] = made[from] as TaskEntry;
    made[place + at] = entry;
    end = place;
  }
  return made;
}

/**
 * Copies a list to `made` without the entries at the places `gone`. A new entry that still fits where its old one was is put
 * there: most changed tasks keep their neighbours, and need no search. Returns how many those are, and the others, sorted.
 */
function replaced(
  list: readonly TaskEntry[],
  gone: Uint32Array,
  come: readonly TaskEntry[],
  compare: Compare,
  made: TaskEntry[],
): { readonly length: number; readonly others: readonly TaskEntry[] } {
  const others = new Map(come.map((entry) => [entry.task.id, entry]));
  const next = placesKept(gone);
  let [length, from] = [0, 0];
  const copyUntil = (place: number) => {
    for (; from < place; from += 1) {
      made[length] = list[from] as TaskEntry;
      length += 1;
    }
  };
  for (const [index, place] of gone.entries()) {
    copyUntil(place);
    from = place + 1;
    const { id } = (list[place] as TaskEntry).task;
    const [before, entry, after] = [made[length - 1], others.get(id), list[next[index] as number]];
    if (!entry || (before && compare(before, entry) > 0) || (after && compare(entry, after) > 0)) continue;
    made[length] = entry;
    length += 1;
    others.delete(id);
  }
  copyUntil(list.length);
  return { length, others: [...others.values()].sort(compare) };
}

/** Returns, for each of some sorted places, the next place that is not among them. */
function placesKept(places: Uint32Array): Uint32Array {
  const kept = new Uint32Array(places.length);
  for (let at = places.length - 1; at >= 0; at -= 1) {
    const next = (places[at] as number) + 1;
    kept[at] = places[at + 1] === next ? (kept[at + 1] as number) : next;
  }
  return kept;
}

/** Returns where, among the first `end` entries of a sorted list, another one is to be inserted. */
function placeFor(entry: TaskEntry, list: readonly TaskEntry[], end: number, compare: Compare): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle] as TaskEntry, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
