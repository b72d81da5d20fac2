import { taskId } from '../model/id.ts';
import { type Dismissals, dismissalPrefix } from './dismissals.ts';
import type { SourceRecord, State, TaskEntry } from './state.ts';
import { type TableChanges, tableChanges } from './task-table.ts';

/** The tasks at one time, and the marks that a person has put on them. */
interface Known {
  readonly state: State;
  readonly marks: readonly Dismissals[];
}

/**
 * Returns the entries whose place in the list may have changed, as they were and as they are now; null if there are more
 * than `most`, or if the sources are not the same.
 */
export function touchedBetween(before: Known, after: Known, most: number): TableChanges | null {
  const pairs = sourcePairs(before.state, after.state);
  if (!pairs) return null;
  const gone = new Set<TaskEntry>();
  const come = new Set<TaskEntry>();
  for (const [was, is] of pairs) {
    if (was.tasks === is.tasks) continue;
    const changes = tableChanges(was.tasks, is.tasks);
    for (const entry of changes.gone) gone.add(entry);
    for (const entry of changes.come) come.add(entry);
    if (come.size > most || gone.size > most) return null;
  }
  for (const key of changedKeys(before.marks, after.marks)) {
    for (const [was, is] of pairs) {
      const [old, now] = [entryOf(was, key), entryOf(is, key)];
      if (old) gone.add(old);
      if (now) come.add(now);
    }
  }
  return come.size > most || gone.size > most ? null : { gone: [...gone], come: [...come] };
}

/** Returns each source before and after; null unless they are the same sources in the same order. */
function sourcePairs(before: State, after: State): (readonly [SourceRecord, SourceRecord])[] | null {
  if (before.sources.size !== after.sources.size) return null;
  const now = [...after.sources.values()];
  const pairs = [...before.sources.values()].map((was, index) => [was, now[index] as SourceRecord] as const);
  const areSame = pairs.every(
    ([was, is]) => was.id === is.id && dismissalPrefix(was) === dismissalPrefix(is),
  );
  return areSame ? pairs : null;
}

function changedKeys(before: readonly Dismissals[], after: readonly Dismissals[]): Set<string> {
  const keys = new Set<string>();
  for (const [index, was] of before.entries()) {
    const is = after[index] ?? {};
    if (was === is) continue;
    for (const key of [...Object.keys(was), ...Object.keys(is)]) if (was[key] !== is[key]) keys.add(key);
  }
  return keys;
}

function entryOf(source: SourceRecord, key: string): TaskEntry | undefined {
  const prefix = dismissalPrefix(source);
  return key.startsWith(prefix) ? source.tasks.get(taskId(source.id, key.slice(prefix.length))) : undefined;
}
