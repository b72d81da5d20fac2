import type { ServedLine } from '../model/served-line.ts';
import { changesBetween } from '../present/changes.ts';
import { type SourceDocument, sourceDocument } from '../present/snapshot.ts';
import { eventText } from '../publish/agui/run-events.ts';
import type { Filter } from '../store/filter.ts';
import { allEntries, type State, type TaskEntry } from '../store/state.ts';
import { type Dialect, rememberLast } from './listener.ts';
import { servedTask } from './served-task.ts';
import type { ServerContext } from './server-context.ts';

type Snapshot = Extract<ServedLine, { type: 'snapshot' }>;

/** Far below what a listener accepts as one event, whatever the tasks contain. */
const PART_CHARACTERS = 4 * 1024 * 1024;
const TASKS_PER_PART = 500;

export function createEventsDialect(
  isListed: Filter,
  context: () => ServerContext,
  { withRaw }: { readonly withRaw: boolean },
): Dialect {
  const served = (entry: TaskEntry) => servedTask(entry, context(), { withRaw });
  return {
    *opening(state) {
      let sources: readonly SourceDocument[] = [...state.sources.values()].map(sourceDocument);
      let part = 0;
      let tasks: string[] = [];
      let characters = 0;
      const take = (isLast: boolean): string => {
        const event = snapshotEvent({ part, isLast, sources, tasks });
        [part, sources, tasks, characters] = [part + 1, [], [], 0];
        return event;
      };
      for (const entry of allEntries(state).filter(isListed)) {
        const task = JSON.stringify(served(entry));
        const isFull = tasks.length === TASKS_PER_PART || characters + task.length > PART_CHARACTERS;
        if (tasks.length > 0 && isFull) yield take(false);
        tasks.push(task);
        characters += task.length;
      }
      yield take(true);
    },
    between: rememberLast((before: State, after: State) => {
      const { sources, goneSources, entries, removed } = changesBetween(before, after, isListed);
      const lines: ServedLine[] = [
        ...sources.map((source): ServedLine => ({ type: 'source', source: sourceDocument(source) })),
        ...entries.map(({ now }): ServedLine => ({ type: 'task', task: served(now) })),
        ...removed.map((id): ServedLine => ({ type: 'removed', id })),
        ...goneSources.map((id): ServedLine => ({ type: 'source-removed', id })),
      ];
      return lines.map((line) => eventText(line)).join('');
    }),
  };
}

/** Returns a part of the snapshot. Its tasks are already JSON, because their lengths had to be determined. */
function snapshotEvent({
  tasks,
  ...part
}: Omit<Snapshot, 'type' | 'version' | 'tasks'> & { tasks: readonly string[] }): string {
  const line: Omit<Snapshot, 'tasks'> = { type: 'snapshot', version: 1, ...part };
  return `data: ${JSON.stringify(line).slice(0, -1)},"tasks":[${tasks.join(',')}]}\n\n`;
}
