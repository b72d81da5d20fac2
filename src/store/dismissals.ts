import type { State, TaskEntry } from './state.ts';

/**
 * Which ended tasks a person has put away. Dismissing is local: it hides a row, deletes nothing, and ends when the
 * task moves again. Remembered across restarts by where the task is, so it survives a source's new short id.
 */
export interface Dismissals {
  /** key of the task → how it had ended when it was dismissed */
  readonly [key: string]: string;
}

export function isDismissed(dismissals: Dismissals, state: State, entry: TaskEntry): boolean {
  return dismissals[dismissalKey(state, entry)] === endingOf(entry);
}

/** How many are remembered; older ones give way first. */
const MOST_REMEMBERED = 10_000;

export function withDismissed(
  dismissals: Dismissals,
  state: State,
  entries: readonly TaskEntry[],
): Dismissals {
  const added = entries.map((entry) => [dismissalKey(state, entry), endingOf(entry)] as const);
  return Object.fromEntries([...Object.entries(dismissals), ...added].slice(-MOST_REMEMBERED));
}

function dismissalKey(state: State, { task }: TaskEntry): string {
  const source = state.sources.get(task.source);
  return `${source?.kind ?? ''} ${source?.location ?? ''} ${task.nativeId}`;
}

function endingOf({ task }: TaskEntry): string {
  const endedAt = 'endedAt' in task.state ? task.state.endedAt : null;
  return `${task.state.status} ${task.attempts} ${endedAt ?? ''}`;
}
