import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { type Clock, createFakeClock } from '../../src/clock.ts';
import { followDatabase } from '../../src/io/follow-database.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

it('rests after a read, the longer the longer it took: a busy writer does not keep it busy', async () => {
  await using directory = await temporaryDirectory();
  const path = directory.file('jobs.db');
  using writer = new DatabaseSync(path);
  writer.exec('CREATE TABLE runs (id)');

  const follow = (clock: Clock, ask: () => void) =>
    followDatabase({
      path,
      clock,
      ask: () => {
        ask();
        return { value: null };
      },
      onValue() {},
      onProblem() {},
    });
  const clock = createFakeClock(Date.now());
  const reads = { slow: 0, quick: 0 };
  const slow = follow(clock, () => {
    reads.slow += 1;
    clock.advance(10);
  });
  const quick = follow(createFakeClock(Date.now()), () => {
    reads.quick += 1;
  });

  await eventually(() => expect(reads.slow).toBe(1));
  for (let row = 1; row <= 5; row += 1) {
    const seen = reads.quick;
    writer.exec(`INSERT INTO runs VALUES (${row})`);
    await eventually(() => expect(reads.quick).toBeGreaterThan(seen));
  }
  clock.advance(89);
  expect(reads.slow).toBe(1);
  clock.advance(1);
  await eventually(() => expect(reads.slow).toBe(2));
  await Promise.all([slow.close(), quick.close()]);
});
