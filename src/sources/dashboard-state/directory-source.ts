import type { Clock } from '../../clock.ts';
import { createEventQueue, type EventQueue } from '../../io/queue.ts';
import { createRefresh } from '../../io/refresh.ts';
import { watchTree } from '../../io/watch-file.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId, TaskId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import { refused } from '../../model/refused.ts';
import { plainName } from '../../model/text.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { createFileChoice } from './choose-files.ts';
import { createDashboardStateSource } from './source.ts';

/** One of the directory's files under observation, with the tasks it has told of. */
interface Followed {
  readonly source: Source;
  readonly tasks: Map<TaskId, { readonly nativeId: string }>;
  readonly stop: AbortController;
  /** What its own revisions count from: a file may come again under the same name, with the same tasks. */
  readonly firstRevision: number;
  /** What is wrong with this file now. */
  problem: Problem | null;
  ended: Promise<void>;
}

/**
 * Shows the tasks of every dashboard state file in one directory as one source; files may come and go. Made for the
 * files of a user's own runs, each of which has an id that no other has.
 */
export function createStateDirectorySource(options: {
  readonly id: SourceId;
  readonly directory: string;
  readonly clock: Clock;
}): Source {
  const { id, directory, clock } = options;
  const followed = new Map<string, Followed>();
  /** The highest revision told so far. */
  let revision = 0;
  /** Not before each file that was there at the start has been read. */
  let isCaughtUp = false;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    queue.push({ type: 'snapshot', revision: 0, tasks: [] });
    const opening = new Set<Promise<void>>();
    const choose = createFileChoice(directory);
    const looked = Promise.withResolvers<void>();
    const refresh = createRefresh({
      clock,
      signal,
      async read() {
        await look(await choose(), queue, opening, signal);
        looked.resolve();
      },
    });
    const watch = watchTree(directory, 0, refresh.soon);
    refresh.soon();
    void looked.promise
      .then(() => Promise.all(opening))
      .then(() => {
        isCaughtUp = true;
        tellHealth(queue);
      });
    try {
      yield* queue;
    } finally {
      await Promise.all([watch.close(), refresh.ended()]);
      await Promise.all([...followed.keys()].map((file) => forget(file)));
    }
  }

  /** One file's problem stays beside the source until that file is well, or gone. */
  function tellHealth(queue: EventQueue<SourceEvent>): void {
    if (!isCaughtUp) return;
    const [ill] = [...followed.values()].flatMap(({ problem }) => problem ?? []);
    queue.push({ type: 'live' });
    if (ill) queue.push({ type: 'problem', problem: ill });
  }

  /** Follows these files, and lets go of all others. An incomplete file keeps nobody waiting. */
  async function look(
    files: ReadonlySet<string>,
    queue: EventQueue<SourceEvent>,
    opening: Set<Promise<void>>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    for (const file of followed.keys()) {
      if (files.has(file)) continue;
      const { tasks, problem } = await forget(file);
      revision += 1;
      for (const id of tasks.keys()) queue.push({ type: 'removed', id, revision });
      if (problem) tellHealth(queue);
    }
    for (const file of files) {
      if (followed.has(file)) continue;
      const opened = follow(file, queue, signal).then(() => void opening.delete(opened));
      opening.add(opened);
    }
  }

  /** Resolves once the file's tasks are known. */
  function follow(file: string, queue: EventQueue<SourceEvent>, signal: AbortSignal): Promise<void> {
    const source = createDashboardStateSource({ id, path: file, clock });
    const one: Followed = {
      source,
      tasks: new Map(),
      stop: new AbortController(),
      firstRevision: revision,
      problem: null,
      ended: Promise.resolve(),
    };
    followed.set(file, one);
    const { promise, resolve } = Promise.withResolvers<void>();
    const read = async () => {
      for await (const event of source.events({ signal: AbortSignal.any([signal, one.stop.signal]) })) {
        const before = one.problem;
        for (const told of asPartOfAll(event, one)) queue.push(numbered(told, one.firstRevision));
        if (one.problem !== before) tellHealth(queue);
        if (event.type === 'live' || event.type === 'problem') resolve();
      }
      resolve();
    };
    one.ended = read();
    return promise;
  }

  function numbered(event: SourceEvent, first: number): SourceEvent {
    if (event.type === 'removed') {
      revision = Math.max(revision, event.revision + first);
      return { ...event, revision: event.revision + first };
    }
    if (event.type !== 'changed') return event;
    revision = Math.max(revision, event.task.revision + first);
    return { ...event, task: { ...event.task, revision: event.task.revision + first } };
  }

  async function forget(file: string): Promise<Pick<Followed, 'tasks' | 'problem'>> {
    const one = followed.get(file);
    followed.delete(file);
    one?.stop.abort();
    await one?.ended;
    return one ?? { tasks: new Map(), problem: null };
  }

  const handler =
    (command: 'cancel' | 'retry'): CommandHandler =>
    async (nativeId, context) => {
      const has = (one: Followed) => [...one.tasks.values()].some((task) => task.nativeId === nativeId);
      const handle = [...followed.values()].find(has)?.source.commands[command];
      return (
        handle?.(nativeId, context) ??
        refused('not-allowed', `${command}: there is no run ${plainName(nativeId)}`)
      );
    };

  return {
    id,
    kind: 'dashboard-state',
    location: directory,
    events: ({ signal }) => events(signal),
    commands: { cancel: handler('cancel'), retry: handler('retry') },
  };
}

/** What one file says of tasks, as news of the whole: its snapshot is not all there is. Its problem is noted. */
function asPartOfAll(event: SourceEvent, one: Followed): SourceEvent[] {
  switch (event.type) {
    case 'snapshot':
      return event.tasks.flatMap((task) => asPartOfAll({ type: 'changed', task }, one));
    case 'changed':
      one.tasks.set(event.task.id, event.task);
      return [event];
    case 'removed':
      one.tasks.delete(event.id);
      return [event];
    case 'problem':
      one.problem = event.problem.kind === 'missing' ? null : { ...event.problem, severity: 'degraded' };
      return [];
    case 'live':
      one.problem = null;
      return [];
    case 'health':
      return [];
    default:
      return event satisfies never;
  }
}
