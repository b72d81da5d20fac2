import { describe, expect, it } from 'vitest';
import { isAway, startAttention, unseenUntil, withKeyPress } from '../../src/store/attention.ts';
import { makeEntry, makeTask } from '../helpers/task.ts';

const S = 1_000;
const endedAt = (seconds: number) => makeEntry(makeTask('a'), { seenEndingAt: seconds * S });

describe('the end of a task', () => {
  const alone = startAttention(0);

  it('while somebody looks is not marked', () => {
    expect(unseenUntil(endedAt(30), alone, false)).toBe(0);
  });

  it('while nobody looks is marked, for as long as nobody is back', () => {
    expect(isAway(alone, 60 * S)).toBe(true);
    expect(unseenUntil(endedAt(60), alone, false)).toBe(Number.POSITIVE_INFINITY);
  });

  it('stays marked until a minute after the next key', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(isAway(back, 559 * S)).toBe(false);
    expect(unseenUntil(endedAt(300), back, false)).toBe(560 * S);
  });

  it('more keys in between change nothing about that', () => {
    const busy = [520, 540, 555].reduce(
      (attention, at) => withKeyPress(attention, at * S),
      withKeyPress(alone, 500 * S),
    );
    expect(unseenUntil(endedAt(300), busy, false)).toBe(560 * S);
    expect(unseenUntil(endedAt(550), busy, false)).toBe(0);
  });

  it('before the absence, or before it was first seen, was not missed', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(unseenUntil(endedAt(59), back, false)).toBe(0);
    expect(unseenUntil(makeEntry(makeTask('a')), back, false)).toBe(0);
  });

  it('that somebody has to look at stays marked, however often one goes and comes', () => {
    const often = [200, 400, 600, 700].reduce((attention, at) => withKeyPress(attention, at * S), alone);
    expect(unseenUntil(endedAt(100), often, false)).toBe(260 * S);
    for (const at of [100, 300, 500])
      expect(unseenUntil(endedAt(at), often, true)).toBe(Number.POSITIVE_INFINITY);
    expect(unseenUntil(endedAt(30), often, true)).toBe(0);
  });
});
