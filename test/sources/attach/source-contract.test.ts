import { expect } from 'vitest';
import { sourceId, taskId } from '../../../src/model/id.ts';
import type { TaskState } from '../../../src/model/task.ts';
import { createAttachedSource } from '../../../src/sources/attach/source.ts';
import { cancelAndRetryOffers } from '../../../src/sources/kit/offers.ts';
import type { CommandHandler } from '../../../src/sources/kit/source.ts';
import { findEntry } from '../../../src/store/state.ts';
import { eventually } from '../../helpers/eventually.ts';
import { openGate } from '../../helpers/gate.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { serveMemory, TOKEN } from '../../helpers/task-server.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

function stateOf(status: WorldStatus | 'cancelled'): TaskState {
  switch (status) {
    case 'completed':
      return { status, endedAt: null, result: null };
    case 'failed':
      return { status, endedAt: null, error: null };
    case 'cancelled':
      return { status, endedAt: null, reason: null };
    default:
      return { status, reason: null };
  }
}

/** Another taskglass behind a door that can be shut; its tasks lie in its memory. */
describeSourceContract('a taskglass attached to another', async () => {
  let count = 0;
  let isObeyed = false;
  const names = new Map<string, string>();
  const obey =
    (status: 'cancelled' | 'running'): CommandHandler =>
    async (nativeId) => {
      if (isObeyed) put(nativeId, status);
      return { kind: 'sent' };
    };
  const world = await serveMemory({ commands: { cancel: obey('cancelled'), retry: obey('running') } });
  const gate = await openGate(world.server.port);
  world.memory.live();

  function put(nativeId: string, status: WorldStatus | 'cancelled'): void {
    const name = names.get(nativeId) as never;
    world.put(nativeId, { name, state: stateOf(status), offers: cancelAndRetryOffers(status, null) });
  }
  const native = (served: string) => served.replace('board/', '');

  return {
    source: createAttachedSource({
      id: sourceId('server'),
      url: `http://127.0.0.1:${gate.port}/`,
      clock: hurriedClock,
      token: TOKEN,
    }),
    async add({ name, status }) {
      const nativeId = `t${++count}`;
      names.set(nativeId, name);
      put(nativeId, status);
      // It is there once the server knows of it.
      const id = taskId(world.memory.id, nativeId);
      await eventually(() => expect(findEntry(world.monitor.getState(), id)).toBeDefined());
      return `board/${nativeId}`;
    },
    change: async (served, status) => put(native(served), status),
    remove: async (served) => world.memory.remove(native(served)),
    breakDown: () => gate.shut(),
    mend: () => gate.unlock(),
    async obey() {
      isObeyed = true;
    },
    async close() {
      await gate[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
});
