import {
  type DocumentContext,
  type SnapshotDocument,
  type StreamLine,
  snapshotDocument,
  sourceDocument,
  taskDocument,
} from '../../present/snapshot.ts';
import type { State, TaskEntry } from '../../store/state.ts';
import type { Io } from '../io.ts';
import { listedEntries } from '../listed.ts';
import type { Session } from '../session.ts';

/** `--once --json`: the snapshot, as one document. */
export function printSnapshot(session: Session, io: Io): void {
  io.stdout.write(`${JSON.stringify(snapshot(session, io), null, 2)}\n`);
}

/** `--json`: the snapshot, then a line for each change, until the sources end or `signal` aborts. */
export async function printStream(session: Session, io: Io, signal: AbortSignal): Promise<void> {
  const { monitor } = session;
  const write = (line: StreamLine) => io.stdout.write(`${JSON.stringify(line)}\n`);
  let told = monitor.getState();

  write({ type: 'snapshot', ...snapshot(session, io) });
  const unsubscribe = monitor.subscribe(() => {
    const state = monitor.getState();
    for (const line of changeLines(told, state, session, contextOf(session, io))) write(line);
    told = state;
  });
  await monitor.untilEnded(signal);
  unsubscribe();
}

/** What became different: sources first, then tasks, then what is gone. */
function changeLines(before: State, after: State, session: Session, context: DocumentContext): StreamLine[] {
  const known = byId(listed(before, session));
  const now = byId(listed(after, session));
  const changedSources = [...after.sources.values()].filter(
    (source) => before.sources.get(source.id) !== source,
  );
  const changedTasks = [...now.values()].filter((entry) => known.get(entry.task.id) !== entry);
  const gone = [...known.keys()].filter((id) => !now.has(id));
  return [
    ...changedSources
      .map(sourceDocument)
      .filter((document) => !isSame(document, before, document.id))
      .map((source): StreamLine => ({ type: 'source', source })),
    ...changedTasks.map((entry): StreamLine => ({ type: 'task', task: taskDocument(entry, context) })),
    ...gone.map((id): StreamLine => ({ type: 'removed', id })),
  ];
}

/** A source's record also changes with its tasks: only what its document says is news. */
function isSame(document: ReturnType<typeof sourceDocument>, before: State, id: string): boolean {
  const record = [...before.sources.values()].find((source) => source.id === id);
  return record !== undefined && JSON.stringify(sourceDocument(record)) === JSON.stringify(document);
}

function snapshot(session: Session, io: Io): SnapshotDocument {
  const state = session.monitor.getState();
  return snapshotDocument(state, listed(state, session), contextOf(session, io));
}

function listed(state: State, { settings }: Session): TaskEntry[] {
  return listedEntries(state, settings);
}

function byId(entries: readonly TaskEntry[]): Map<string, TaskEntry> {
  return new Map(entries.map((entry) => [entry.task.id, entry]));
}

function contextOf({ monitor, settings }: Session, io: Io): DocumentContext {
  return {
    nowMs: io.clock.now(),
    stallAfterMs: settings.stallAfter * 1000,
    readOnly: settings.readOnly,
    estimate: monitor.estimate,
  };
}
