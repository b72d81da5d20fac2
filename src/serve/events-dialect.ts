import { changesBetween } from '../present/changes.ts';
import { type SourceDocument, sourceDocument } from '../present/snapshot.ts';
import type { Filter } from '../store/filter.ts';
import { allEntries, type State } from '../store/state.ts';
import { type Dialect, rememberLast } from './listener.ts';
import { type ServedTask, servedTask } from './served-task.ts';
import type { ServerContext } from './server-context.ts';

/** One server-sent event of `/events`, for another taskglass: the lines of `--json` (SPEC 2) with more to each task. */
export type ServedLine =
  /** Parts 0 to `parts` − 1 make the snapshot; what none of them lists is gone. */
  | {
      readonly type: 'snapshot';
      readonly version: 1;
      readonly part: number;
      readonly parts: number;
      readonly sources: readonly SourceDocument[];
      readonly tasks: readonly ServedTask[];
    }
  | { readonly type: 'task'; readonly task: ServedTask }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'source'; readonly source: SourceDocument };

const TASKS_PER_PART = 500;

export function createEventsDialect(isListed: Filter, context: () => ServerContext): Dialect {
  return {
    *opening(state) {
      const entries = allEntries(state).filter(isListed);
      const parts = Math.max(1, Math.ceil(entries.length / TASKS_PER_PART));
      for (let part = 0; part < parts; part += 1) {
        const listed = entries.slice(part * TASKS_PER_PART, (part + 1) * TASKS_PER_PART);
        yield eventOf({
          type: 'snapshot',
          version: 1,
          part,
          parts,
          sources: part === 0 ? [...state.sources.values()].map(sourceDocument) : [],
          tasks: listed.map((entry) => servedTask(entry, context())),
        });
      }
    },
    between: rememberLast((before: State, after: State) => {
      const { sources, entries, removed } = changesBetween(before, after, isListed);
      const lines: ServedLine[] = [
        ...sources.map((source): ServedLine => ({ type: 'source', source: sourceDocument(source) })),
        ...entries.map(({ now }): ServedLine => ({ type: 'task', task: servedTask(now, context()) })),
        ...removed.map((id): ServedLine => ({ type: 'removed', id })),
      ];
      return lines.map(eventOf).join('');
    }),
  };
}

function eventOf(line: ServedLine): string {
  return `data: ${JSON.stringify(line)}\n\n`;
}
