import { expect, it } from 'vitest';
import { untilAborted } from '../../src/clock.ts';
import type { SourceEvent } from '../../src/model/event.ts';
import { sourceId } from '../../src/model/id.ts';
import { createReaders } from '../../src/store/read-sources.ts';

/** A source that reports nothing, and lasts until it is stopped or `over` resolves. */
function silent(id: string, over: Promise<void> = new Promise(() => {})) {
  return {
    id: sourceId(id),
    async *events({ signal }: { signal: AbortSignal }): AsyncGenerator<SourceEvent> {
      await Promise.race([untilAborted(signal), over]);
      yield* [];
    },
  };
}

it('keeps nothing of a source that was removed, or has ended by itself', async () => {
  const told: string[] = [];
  const readers = createReaders(
    (source, { type }) => told.push(`${source} ${type}`),
    new AbortController().signal,
  );
  for (let round = 0; round < 100; round += 1) {
    const source = silent(`a${round}`);
    readers.read(source);
    readers.stop(source.id);
  }
  readers.read(silent('b', Promise.resolve()));
  expect(readers.count).toBe(101);
  await readers.ended();
  expect(readers.count).toBe(0);
  expect(told).toEqual(['b ended']);
});

it('stops only the source that is named, and waits for those that are added meanwhile', async () => {
  const closing = new AbortController();
  const readers = createReaders(() => {}, closing.signal);
  const [first, second] = [silent('first'), silent('second')];
  readers.read(first);
  let isOver = false;
  const over = readers.ended().then(() => {
    isOver = true;
  });
  readers.read(second);
  readers.stop(first.id);
  await new Promise(setImmediate);
  expect([readers.count, isOver]).toEqual([1, false]);
  closing.abort();
  await over;
  expect(readers.count).toBe(0);
});
