import type { SourceRecord, State, TaskEntry } from './state.ts';

/**
 * The ended tasks that a person has dismissed, or has looked at. Both are local: they hide a row or let it sink, delete
 * nothing, and lapse when the task runs again. Keyed by the task's place, because a source's short id may change at a restart.
 */
export interface Dismissals {
  /** `taskPlace` of the task → how it had ended when it was dismissed or looked at. */
  readonly [key: string]: string;
}

export function isDismissed(dismissals: Dismissals, state: State, entry: TaskEntry): boolean {
  return dismissals[taskPlace(state, entry)] === endingOf(entry);
}

/** How many are remembered; the oldest are dropped first. */
const MOST_REMEMBERED = 10_000;

export function withDismissed(
  dismissals: Dismissals,
  state: State,
  entries: readonly TaskEntry[],
): Dismissals {
  const added = entries.map((entry) => [taskPlace(state, entry), endingOf(entry)] as const);
  const news = added.filter(([key, ending]) => dismissals[key] !== ending);
  return news.length === 0 ? dismissals : bounded([...Object.entries(dismissals), ...news]);
}

/** Applies the changes from `before` to `after` to what is stored, to which other views may have added in the meantime. */
export function mergedDismissals(stored: Dismissals, before: Dismissals, after: Dismissals): Dismissals {
  const kept = Object.entries(stored).filter(
    ([key]) => Object.hasOwn(after, key) || !Object.hasOwn(before, key),
  );
  return bounded([...kept, ...Object.entries(after).filter(([key, ending]) => before[key] !== ending)]);
}

function bounded(entries: readonly (readonly [string, string])[]): Dismissals {
  return Object.fromEntries(entries.slice(-MOST_REMEMBERED));
}

/** Returns a key for a task, made of its source's location and its native id: the same in every process and after a restart. */
export function taskPlace(state: State, { task }: TaskEntry): string {
  return `${dismissalPrefix(state.sources.get(task.source))}${task.nativeId}`;
}

/** Returns the prefix of `taskPlace` for a source's tasks; the native id follows it. */
export function dismissalPrefix(source: Pick<SourceRecord, 'kind' | 'location'> | undefined): string {
  return `${source?.kind ?? ''} ${source?.location ?? ''} `;
}

function endingOf({ task }: TaskEntry): string {
  const endedAt = 'endedAt' in task.state ? task.state.endedAt : null;
  return `${task.state.status} ${task.attempts} ${endedAt ?? ''}`;
}
