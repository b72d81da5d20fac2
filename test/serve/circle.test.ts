import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createMonitor } from '../../src/monitor.ts';
import { createTaskServer } from '../../src/serve/create-server.ts';
import { createAguiSource } from '../../src/sources/agui/source.ts';
import { createAttachedSource } from '../../src/sources/attach/source.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { allEntries } from '../../src/store/state.ts';
import { eventually } from '../helpers/eventually.ts';
import { makeTask } from '../helpers/task.ts';
import { serveMemory, TOKEN } from '../helpers/task-server.ts';

async function freePorts(): Promise<[number, number]> {
  await using first = await serveMemory();
  await using second = await serveMemory();
  return [first.server.port, second.server.port];
}

/** A taskglass that serves tasks of its own, and everything of another's. */
async function openNeighbour(port: number, other: Source) {
  const memory = createMemorySource({ id: sourceId('board') });
  const monitor = createMonitor({ sources: [memory, other], clock: systemClock });
  memory.live();
  const server = await createTaskServer({
    monitor,
    clock: systemClock,
    port,
    token: TOKEN,
    isOpen: true,
    readOnly: true,
    isListed: () => true,
    sort: 'name',
    stallAfterMs: 30_000,
  });
  return {
    put: (nativeId: string) => memory.put(makeTask(nativeId)),
    seen: () => allEntries(monitor.getState()).map(({ task }) => String(task.id)),
    async served(): Promise<string[]> {
      const snapshot = await fetch(`${server.url}/snapshot`);
      return ((await snapshot.json()) as { tasks: { id: string }[] }).tasks.map(({ id }) => id);
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await monitor.close();
    },
  };
}

const KINDS: [string, (id: string, port: number) => Source][] = [
  [
    'http:',
    (id, port) =>
      createAttachedSource({ id: sourceId(id), url: `http://127.0.0.1:${port}`, clock: systemClock }),
  ],
  [
    'agui:',
    (id, port) =>
      createAguiSource({ id: sourceId(id), url: `http://127.0.0.1:${port}/agui`, clock: systemClock }),
  ],
];

it.each(KINDS)('a server that is attached to itself (%s) tells each task once', async (_kind, attach) => {
  const [port] = await freePorts();
  await using here = await openNeighbour(port, attach('self', port));
  for (const id of ['a', 'b', 'c', 'd']) {
    here.put(id);
    await eventually(() => expect(here.seen()).toContain(`self/board/${id}`));
  }
  expect(await here.served()).toEqual(['board/a', 'board/b', 'board/c', 'board/d']);
  expect(here.seen()).toHaveLength(8);
});

it.each(KINDS)('two servers attached to each other (%s) tell each task once', async (_kind, attach) => {
  const [left, right] = await freePorts();
  await using here = await openNeighbour(left, attach('right', right));
  await using there = await openNeighbour(right, attach('left', left));
  for (const id of ['a', 'b', 'c', 'd']) {
    here.put(id);
    await eventually(() => expect(here.seen()).toContain(`right/left/board/${id}`));
  }
  expect((await here.served()).toSorted()).toEqual(['board/a', 'board/b', 'board/c', 'board/d']);
  expect((await there.served()).toSorted()).toEqual(['a', 'b', 'c', 'd'].map((id) => `left/board/${id}`));
});
