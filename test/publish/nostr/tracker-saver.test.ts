import { expect, test } from 'vitest';
import { createSaver } from '../../../src/publish/nostr/tracker/saver.ts';
import { openOutbox, type StoredEvent, type StoredJob } from '../../../src/storage/outbox.ts';

const job = (id: string, state: string): StoredJob => ({
  id,
  state,
  ended: false,
  document: '{}',
  updatedAt: 1,
});
const event = (id: string, jobId: string, replaceable = false): StoredEvent => ({
  id,
  job: jobId,
  replaceable,
  document: '{}',
  storedAt: 1,
});

/** A real outbox on a disk that is full while `isFull`. */
function outboxOnDisk() {
  const outbox = openOutbox(':memory:', 0);
  const disk = { isFull: false, writes: 0 };
  const write = <Arguments extends unknown[]>(action: (...args: Arguments) => void) => {
    return (...args: Arguments) => {
      if (disk.isFull) throw new Error('database or disk is full');
      disk.writes += 1;
      action(...args);
    };
  };
  return {
    disk,
    outbox: {
      ...outbox,
      record: write(outbox.record),
      settle: write(outbox.settle),
      remove: write(outbox.remove),
    },
  };
}

test('what could not be written is written before the next change, and complained of once', () => {
  const { disk, outbox } = outboxOnDisk();
  const complaints: string[] = [];
  const saver = createSaver(outbox, (error) => complaints.push(String(error)));
  saver.record(job('a', 'processing'), [event('a begun', 'a')]);
  disk.isFull = true;
  saver.record(job('b', 'processing'), [event('b begun', 'b')]);
  saver.record(job('a', 'completed'), [event('a done', 'a')]);
  saver.settle('b begun', 'ws://one');
  expect(outbox.events().map(({ id }) => id)).toEqual(['a begun']);
  disk.isFull = false;
  saver.remove('a begun');
  expect(outbox.events().map(({ id }) => id)).toEqual(['b begun', 'a done']);
  expect(outbox.settledRelays('b begun')).toEqual(['ws://one']);
  expect(outbox.jobs().map(({ id, state }) => [id, state])).toEqual(
    expect.arrayContaining([
      ['a', 'completed'],
      ['b', 'processing'],
    ]),
  );
  expect(complaints).toEqual(['Error: database or disk is full']);
});

test('hours of progress on a full disk take no more room than the last of it', () => {
  const { disk, outbox } = outboxOnDisk();
  const saver = createSaver(outbox, () => {});
  disk.isFull = true;
  saver.record(job('a', 'processing'), [event('begun', 'a')]);
  for (let n = 0; n < 1_000; n += 1) {
    saver.record(job('a', 'processing'), [event(`${n}`, 'a', true)]);
    if (n % 2 === 0) saver.remove(`${n}`);
  }
  disk.isFull = false;
  disk.writes = 0;
  saver.flush();
  expect(disk.writes).toBeLessThan(5);
  expect(outbox.events().map(({ id }) => id)).toEqual(['begun', '999']);
});
