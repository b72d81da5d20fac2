import type { Clock } from '../../clock.ts';
import { createRefresh } from '../../io/refresh.ts';
import type { CommandOffer } from '../../model/command.ts';
import type { SourceId } from '../../model/id.ts';
import type { LogRequest, OpenedLog } from '../../model/log.ts';
import type { Problem } from '../../model/problem.ts';
import type { Task, TaskStatus } from '../../model/task.ts';
import type { TaskPublisher } from './publish-tasks.ts';
import { publishedEvents } from './published-events.ts';
import type { Source, SourceKind } from './source.ts';
import type { TaskDraft } from './task-draft.ts';

/** The result of one look at a back end: all its tasks, or why it could not be read. */
export type Look =
  | {
      readonly kind: 'read';
      readonly tasks: readonly TaskDraft[];
      /** What was wrong with some of them. */
      readonly problem: Problem | null;
      /** The time for a task that has none of its own and is new, or changed (epoch ms). */
      readonly firstSeenAt?: number | null;
      readonly changedAt?: number | null;
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What commands and logs of a source need. */
export interface PolledTasks {
  /** Returns the task as last shown. */
  find(nativeId: string): Task | undefined;
  /** Looks again at once, because something was requested. */
  lookSoon(): void;
}

/**
 * Creates a source whose back end is read as a whole, again and again: a program that is asked, or files. Looks never overlap.
 */
export function createPolledSource(options: {
  readonly id: SourceId;
  readonly kind: SourceKind;
  readonly location: string;
  readonly clock: Clock;
  /** Reads everything. Never rejects; what it returns after an abort is dropped. */
  readonly look: (signal: AbortSignal) => Promise<Look>;
  /** How long after a look the next one follows by itself, ms; a function if that depends on the last look. */
  readonly everyMs: number | (() => number);
  /** For a back end that gives hints: calls `lookSoon` whenever something may have changed. */
  readonly watch?: (lookSoon: () => void) => { close(): void | Promise<void> };
  /** The commands that a task offers; none if absent. */
  readonly offers?: (status: TaskStatus, draft: TaskDraft) => readonly CommandOffer[];
  readonly commands?: (tasks: PolledTasks) => Source['commands'];
  readonly log?: (tasks: PolledTasks, nativeId: string, request: LogRequest) => Promise<OpenedLog>;
}): Source {
  const { id, kind, location, clock, look, everyMs, offers = () => [], commands, log } = options;
  let publisher: TaskPublisher | null = null;
  let lookSoon = () => {};
  const tasks: PolledTasks = {
    find: (nativeId) => publisher?.find(nativeId),
    lookSoon: () => lookSoon(),
  };

  const events = publishedEvents(id, (published, signal) => {
    publisher = published;
    let stopTimer = () => {};
    const refresh = createRefresh({
      clock,
      signal,
      async read() {
        stopTimer();
        const seen = await look(signal);
        if (signal.aborted) return;
        if (seen.kind === 'failed') published.fail(seen.problem);
        else published.publish(seen.tasks, { firstSeenAt: null, changedAt: null, ...seen, offers });
        stopTimer = clock.after(typeof everyMs === 'number' ? everyMs : everyMs(), refresh.soon);
      },
    });
    lookSoon = refresh.soon;
    const watch = options.watch?.(refresh.soon);
    refresh.soon();
    return {
      async close() {
        stopTimer();
        await watch?.close();
        await refresh.ended();
      },
    };
  });

  return {
    id,
    kind,
    location,
    events,
    commands: commands?.(tasks) ?? {},
    ...(log && { log: (nativeId, request) => log(tasks, nativeId, request) }),
  };
}
