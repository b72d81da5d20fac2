import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../../src/model/event.ts';
import { problem } from '../../../src/model/problem.ts';
import { type PlainText, words } from '../../../src/model/text.ts';
import { createPacedQueue } from '../../../src/sources/kit/paced-queue.ts';
import { reduce } from '../../../src/store/reduce.ts';
import { EMPTY_STATE } from '../../../src/store/state.ts';
import { eventually } from '../../helpers/eventually.ts';
import { makeTask, TEST_SOURCE } from '../../helpers/task.ts';

/** What comes out, and how much of it in one turn of the event loop. */
function open() {
  const closing = new AbortController();
  const queue = createPacedQueue(closing.signal);
  const out: SourceEvent[] = [];
  const perTurn: number[] = [];
  let inTurn = 0;
  const reading = (async () => {
    for await (const event of queue) {
      out.push(event);
      if (inTurn++ === 0)
        setImmediate(() => {
          perTurn.push(inTurn);
          inTurn = 0;
        });
    }
  })();
  return {
    queue,
    out,
    perTurn,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await reading;
    },
  };
}

const changed = (id: string, revision = 1): SourceEvent => ({
  type: 'changed',
  task: { ...makeTask(id), revision },
});

describe('a paced queue', () => {
  it('passes on thousands of events in small pieces, each task once', async () => {
    await using world = open();
    for (let revision = 1; revision <= 3; revision += 1)
      for (let id = 0; id < 2_000; id += 1) world.queue.push(changed(`${id}`, revision));
    world.queue.push({ type: 'live' });
    await eventually(() => expect(world.out.at(-1)).toEqual({ type: 'live' }));
    const revisions = world.out.flatMap((event) => (event.type === 'changed' ? [event.task.revision] : []));
    expect(revisions.length).toBeLessThan(2_500);
    expect(revisions.slice(-1_500).every((revision) => revision === 3)).toBe(true);
    expect(Math.max(...world.perTurn)).toBeLessThanOrEqual(250);
  });

  it('reports a large snapshot in pieces, before it is live', async () => {
    await using world = open();
    const tasks = Array.from({ length: 1_000 }, (_, id) => makeTask(`${id}`));
    world.queue.push({ type: 'snapshot', revision: 1, tasks });
    world.queue.push({ type: 'live' });
    await eventually(() => expect(world.out.at(-1)).toEqual({ type: 'live' }));
    const told = world.out.flatMap((event) =>
      event.type === 'snapshot' ? event.tasks : event.type === 'changed' ? [event.task] : [],
    );
    expect(told).toEqual(tasks);
  });

  it('loses no task of a large snapshot, however old each of them is', async () => {
    await using world = open();
    const tasks = Array.from({ length: 1_000 }, (_, id) => ({ ...makeTask(`${id}`), revision: id + 1 }));
    world.queue.push({ type: 'snapshot', revision: 1_000, tasks });
    await world.queue.drained();
    const updates = world.out.map((event) => ({ source: TEST_SOURCE, at: 0, event }));
    expect(reduce(EMPTY_STATE, updates).sources.get(TEST_SOURCE)?.tasks.size).toBe(1_000);
  });

  it('keeps the last report of what is wrong', async () => {
    await using world = open();
    for (let id = 0; id < 600; id += 1) world.queue.push(changed(`${id}`));
    const wrong = (message: PlainText): SourceEvent => ({
      type: 'problem',
      problem: problem('malformed', 'degraded', message),
    });
    world.queue.push(wrong(words`first`));
    world.queue.push({ type: 'live' });
    world.queue.push(wrong(words`second`));
    world.queue.push({ type: 'live' });
    await eventually(() => expect(world.out.at(-1)).toEqual({ type: 'live' }));
    expect(world.out.filter(({ type }) => type === 'problem')).toEqual([]);
  });

  it('is drained when everything was passed on, so that whoever fills it can wait', async () => {
    await using world = open();
    await world.queue.drained();
    for (let id = 0; id < 2_000; id += 1) world.queue.push(changed(`${id}`));
    await world.queue.drained();
    expect(world.out).toHaveLength(2_000);
  });

  it('keeps nobody waiting once it has ended', async () => {
    const closing = new AbortController();
    const queue = createPacedQueue(closing.signal);
    for (let id = 0; id < 2_000; id += 1) queue.push(changed(`${id}`));
    closing.abort();
    await queue.drained();
    queue.push(changed('late'));
    await queue.drained();
  });
});
