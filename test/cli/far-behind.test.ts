import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { unlessFarBehind } from '../../src/cli/outputs/far-behind.ts';
import { eventually } from '../helpers/eventually.ts';

it('tells each change to a reader that keeps up, and one that is far behind the newest, once', async () => {
  let take = () => {};
  const stdout = new Writable({
    write(_chunk, _encoding, taken) {
      take = taken;
    },
  });
  let told = 0;
  const tell = unlessFarBehind(stdout, () => {
    told += 1;
  });
  stdout.write('x'.repeat(1_000_000));
  tell();
  tell();
  expect(told).toBe(2);

  stdout.write('x'.repeat(9_000_000));
  for (let change = 0; change < 100; change += 1) tell();
  expect(told).toBe(2);

  take();
  await eventually(() => expect(stdout.writableLength).toBe(9_000_000));
  take();
  await eventually(() => expect(told).toBe(3));
  tell();
  expect(told).toBe(4);
});
