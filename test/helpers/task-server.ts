import { type Clock, systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import type { Task } from '../../src/model/task.ts';
import { createMonitor, type Monitor } from '../../src/monitor.ts';
import { createTaskServer, type TaskServer } from '../../src/serve/create-server.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import type { CommandHandler } from '../../src/sources/kit/source.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { makeTask } from './task.ts';

/** The token of every server here. */
export const TOKEN = 's3cret-token';

/** `taskglass serve` inside the test: a source whose tasks are added by hand, a monitor, a real HTTP server. */
export interface ServedWorld {
  readonly memory: MemorySource;
  readonly monitor: Monitor;
  readonly server: TaskServer;
  put(nativeId: string, given?: Partial<Task>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function serveMemory(
  options: {
    readOnly?: boolean;
    isOpen?: boolean;
    clock?: Clock;
    filter?: string;
    port?: number;
    commands?: Readonly<Partial<Record<'cancel' | 'retry' | 'setStatus', CommandHandler>>>;
  } = {},
): Promise<ServedWorld> {
  const { clock = systemClock } = options;
  const memory = createMemorySource({ id: sourceId('board'), commands: options.commands ?? {} });
  const monitor = createMonitor({ sources: [memory], clock });
  const server = await createTaskServer({
    monitor,
    clock,
    port: options.port ?? 0,
    token: TOKEN,
    isOpen: options.isOpen ?? false,
    readOnly: options.readOnly ?? false,
    isListed: parseFilter(options.filter ?? ''),
    sort: 'urgency',
    stallAfterMs: 30_000,
  });
  return {
    memory,
    monitor,
    server,
    put: (nativeId, given = {}) => memory.put(makeTask(nativeId, given)),
    async [Symbol.asyncDispose]() {
      await server.close();
      await monitor.close();
    },
  };
}
