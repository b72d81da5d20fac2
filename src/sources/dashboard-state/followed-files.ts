import type { Clock } from '../../clock.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId, TaskId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { createDashboardStateSource, type RunAgain } from './source.ts';

/** Several state files, reported as the tasks of one source. */
export interface FollowedFiles {
  /**
   * Follows these files from now on, and no others. Resolves once the others are closed, even if these have not been read yet.
   */
  follow(paths: ReadonlySet<string>): Promise<void>;
  /** Resolves once each followed file has reported its tasks or its problem. From then on, health is reported. */
  caughtUp(): Promise<void>;
  /** Returns the command handler of the file that has the task; undefined if there is no such task. */
  handlerOf(nativeId: string, command: CommandName): CommandHandler | undefined;
  /** Returns the log of the file that has the task. */
  logOf(nativeId: string): Source['log'];
  close(): Promise<void>;
}

/** One of the files, with the tasks that it has reported. */
interface Followed {
  readonly source: Source;
  readonly tasks: Map<TaskId, { readonly nativeId: string }>;
  readonly stop: AbortController;
  /** The offset of its own revisions: a file may come back under the same name, with the same tasks. */
  readonly firstRevision: number;
  /** What is wrong with this file now. */
  problem: Problem | null;
  ended: Promise<void>;
}

export function createFollowedFiles(options: {
  readonly id: SourceId;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly push: (event: SourceEvent) => void;
  readonly runAgain?: RunAgain;
}): FollowedFiles {
  const { id, clock, signal, push, runAgain } = options;
  const followed = new Map<string, Followed>();
  const opening = new Set<Promise<void>>();
  /** The highest revision that was reported. */
  let revision = 0;
  let isCaughtUp = false;

  /** Reports the first problem of a file; it stays until that file is well, or gone. */
  function tellHealth(): void {
    if (!isCaughtUp) return;
    const [ill] = [...followed.values()].flatMap(({ problem }) => problem ?? []);
    push({ type: 'live' });
    if (ill) push({ type: 'problem', problem: ill });
  }

  /** Resolves once the file's tasks are known. */
  function open(path: string): Promise<void> {
    const one: Followed = {
      source: createDashboardStateSource({ id, path, clock, ...(runAgain && { runAgain }) }),
      tasks: new Map(),
      stop: new AbortController(),
      firstRevision: revision,
      problem: null,
      ended: Promise.resolve(),
    };
    followed.set(path, one);
    const { promise, resolve } = Promise.withResolvers<void>();
    one.ended = read(one, resolve);
    return promise;
  }

  async function read(one: Followed, caughtUp: () => void): Promise<void> {
    for await (const event of one.source.events({ signal: AbortSignal.any([signal, one.stop.signal]) })) {
      const before = one.problem;
      for (const told of asPartOfAll(event, one)) push(numbered(told, one.firstRevision));
      if (one.problem !== before) tellHealth();
      if (event.type === 'live' || event.type === 'problem') caughtUp();
    }
    caughtUp();
  }

  function sourceOf(nativeId: string): Source | undefined {
    const has = (one: Followed) => [...one.tasks.values()].some((task) => task.nativeId === nativeId);
    return [...followed.values()].find(has)?.source;
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

  async function forget(path: string, one: Followed): Promise<void> {
    followed.delete(path);
    one.stop.abort();
    await one.ended;
  }

  return {
    async follow(paths) {
      for (const [path, one] of followed) {
        if (paths.has(path)) continue;
        await forget(path, one);
        revision += 1;
        for (const task of one.tasks.keys()) push({ type: 'removed', id: task, revision });
        if (one.problem) tellHealth();
      }
      for (const path of paths) {
        if (followed.has(path)) continue;
        const opened = open(path).then(() => void opening.delete(opened));
        opening.add(opened);
      }
    },
    async caughtUp() {
      await Promise.all(opening);
      isCaughtUp = true;
      tellHealth();
    },
    handlerOf: (nativeId, command) => sourceOf(nativeId)?.commands[command],
    logOf: (nativeId) => sourceOf(nativeId)?.log,
    async close() {
      await Promise.all([...followed].map(([path, one]) => forget(path, one)));
    },
  };
}

/** Returns what one file reports as news about all of them, because its snapshot is only a part. Its problem is noted. */
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
    case 'kind':
      return [];
    default:
      return event satisfies never;
  }
}
