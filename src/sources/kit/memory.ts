import { createEventQueue, type EventQueue } from '../../io/queue.ts';
import type { CommandName } from '../../model/command.ts';
import type { SourceEvent } from '../../model/event.ts';
import { type SourceId, taskId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import type { CommandHandler, Source } from './source.ts';

/**
 * The reference source: its back end is this process, which adds tasks by hand. Copy it to write your own, and run
 * `test/sources/source-contract.ts` against the copy.
 */
export interface MemorySource extends Source {
  /** Adds a task or replaces the one with its native id; the source sets `id`, `source` and `revision`. */
  put(task: Omit<Task, 'id' | 'source' | 'revision'>): void;
  remove(nativeId: string): void;
  /** Reports that all is well, which clears any problem. */
  live(): void;
  fail(problem: Problem): void;
}

export function createMemorySource(options: {
  readonly id: SourceId;
  readonly location?: string;
  readonly commands?: Readonly<Partial<Record<CommandName, CommandHandler>>>;
}): MemorySource {
  const { id } = options;
  const tasks = new Map<string, Task>();
  let revision = 0;
  let said: SourceEvent = { type: 'live' };
  let queue: EventQueue<SourceEvent> | null = null;

  /** Reports that it is live or failing, and remembers that for late listeners, who get it first. */
  function say(event: SourceEvent): void {
    said = event;
    queue?.push(event);
  }

  return {
    id,
    kind: 'memory',
    location: options.location ?? 'memory',
    commands: options.commands ?? {},
    events({ signal }) {
      queue = createEventQueue<SourceEvent>(signal);
      queue.push({ type: 'snapshot', revision, tasks: [...tasks.values()] });
      queue.push(said);
      return queue;
    },
    put(draft) {
      revision += 1;
      const task = { ...draft, id: taskId(id, draft.nativeId), source: id, revision };
      tasks.set(draft.nativeId, task);
      queue?.push({ type: 'changed', task });
    },
    remove(nativeId) {
      if (!tasks.delete(nativeId)) return;
      revision += 1;
      queue?.push({ type: 'removed', id: taskId(id, nativeId), revision });
    },
    live: () => say({ type: 'live' }),
    fail: (problem) => say({ type: 'problem', problem }),
  };
}
