import { describe, expect, it } from 'vitest';
import { isAway, startAttention, unseenUntil, withKeyPress } from '../../src/store/attention.ts';
import { makeEntry, makeTask } from '../helpers/task.ts';

const S = 1_000;
const endedAt = (seconds: number) => makeEntry(makeTask('a'), { seenEndingAt: seconds * S });

describe('the end of a task', () => {
  const alone = startAttention(0);

  it('while somebody looks is not marked', () => {
    expect(unseenUntil(endedAt(30), alone)).toBe(0);
  });

  it('while nobody looks is marked, for as long as nobody is back', () => {
    expect(isAway(alone, 60 * S)).toBe(true);
    expect(unseenUntil(endedAt(60), alone)).toBe(Number.POSITIVE_INFINITY);
  });

  it('stays marked until a minute after the next key', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(isAway(back, 559 * S)).toBe(false);
    expect(unseenUntil(endedAt(300), back)).toBe(560 * S);
  });

  it('more keys in between change nothing about that', () => {
    const busy = [520, 540, 555].reduce(
      (attention, at) => withKeyPress(attention, at * S),
      withKeyPress(alone, 500 * S),
    );
    expect(unseenUntil(endedAt(300), busy)).toBe(560 * S);
    expect(unseenUntil(endedAt(550), busy)).toBe(0);
  });

  it('before the absence, or before it was first seen, was not missed', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(unseenUntil(endedAt(59), back)).toBe(0);
    expect(unseenUntil(makeEntry(makeTask('a')), back)).toBe(0);
  });
});
