import type { SourceId, TaskId } from '../model/id.ts';
import type { Filter } from '../store/filter.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import { type DocumentContext, type StreamLine, sourceDocument, taskDocument } from './snapshot.ts';

/** The differences between two states. */
export interface Changes {
  /** Sources whose own state has changed, not only their tasks. */
  readonly sources: readonly SourceRecord[];
  /** Sources that are no longer read. */
  readonly goneSources: readonly SourceId[];
  /** Tasks that are new or have changed, each with its earlier entry. */
  readonly entries: readonly { readonly before: TaskEntry | undefined; readonly now: TaskEntry }[];
  /** Tasks that are gone, or no longer listed. */
  readonly removed: readonly TaskId[];
}

/** Compares by identity, source by source, so that unchanged sources cost almost nothing. */
export function changesBetween(before: State, after: State, isListed: Filter): Changes {
  const changed = [...after.sources.values()].filter((source) => before.sources.get(source.id) !== source);
  const tasks = changed.map((source) => taskChanges(before.sources.get(source.id), source, isListed));
  const gone = [...before.sources.values()].filter(({ id }) => !after.sources.has(id));
  const lost = gone.flatMap((source) => source.tasks.toArray().filter(isListed));
  return {
    goneSources: gone.map(({ id }) => id),
    sources: changed.filter((source) => !readsSame(before.sources.get(source.id), source)),
    entries: tasks.flatMap(({ entries }) => entries),
    removed: [...tasks.flatMap(({ removed }) => removed), ...lost.map(({ task }) => task.id)],
  };
}

/** Returns the changes as lines of the `--json` stream. */
export function changeLines(changes: Changes, context: DocumentContext): StreamLine[] {
  return [
    ...changes.sources.map((source): StreamLine => ({ type: 'source', source: sourceDocument(source) })),
    ...changes.entries.map(({ now }): StreamLine => ({ type: 'task', task: taskDocument(now, context) })),
    ...changes.removed.map((id): StreamLine => ({ type: 'removed', id })),
    ...changes.goneSources.map((id): StreamLine => ({ type: 'source-removed', id })),
  ];
}

/** Looks at each task once, and looks for removed tasks only if there are any. */
function taskChanges(
  before: SourceRecord | undefined,
  after: SourceRecord,
  isListed: Filter,
): Pick<Changes, 'entries' | 'removed'> {
  const known: ReadonlyMap<TaskId, TaskEntry> = before?.tasks ?? new Map();
  const entries: Changes['entries'][number][] = [];
  const removed: TaskId[] = [];
  let stayed = 0;
  for (const [id, now] of after.tasks) {
    const was = known.get(id);
    if (was) stayed += 1;
    if (was === now) continue;
    const shown = was && isListed(was) ? was : undefined;
    if (isListed(now)) entries.push({ before: shown, now });
    else if (shown) removed.push(id);
  }
  if (stayed === known.size) return { entries, removed };
  for (const [id, was] of known) if (!after.tasks.has(id) && isListed(was)) removed.push(id);
  return { entries, removed };
}

/**
 * Tells whether a source's document is unchanged. Its record also changes with its tasks, which is not a change of the
 * source.
 */
function readsSame(before: SourceRecord | undefined, after: SourceRecord): boolean {
  return (
    before !== undefined && JSON.stringify(sourceDocument(before)) === JSON.stringify(sourceDocument(after))
  );
}
