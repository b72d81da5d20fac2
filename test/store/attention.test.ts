import { describe, expect, it } from 'vitest';
import { standingOf, startAttention, withKeyPress } from '../../src/store/attention.ts';
import { makeEntry, makeTask } from '../helpers/task.ts';

const S = 1_000;
const endedAt = (seconds: number) => makeEntry(makeTask('a'), { seenEndingAt: seconds * S });

describe('the standing of a task that ends', () => {
  const alone = startAttention(0);

  it('while somebody looks: in its place for ten seconds, then with the others', () => {
    expect(standingOf(endedAt(30), alone, 39_999)).toEqual({ standing: 'in-place', until: 40 * S });
    expect(standingOf(endedAt(30), alone, 40 * S).standing).toBe('settled');
  });

  it('while nobody looks: missed, for as long as nobody is back', () => {
    expect(standingOf(endedAt(60), alone, 69 * S).standing).toBe('in-place');
    expect(standingOf(endedAt(60), alone, 5_000 * S)).toEqual({
      standing: 'missed',
      until: Number.POSITIVE_INFINITY,
    });
  });

  it('stays missed until a minute after the next key', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(standingOf(endedAt(300), back, 559 * S)).toEqual({ standing: 'missed', until: 560 * S });
    expect(standingOf(endedAt(300), back, 560 * S).standing).toBe('settled');
  });

  it('more keys in between change nothing about that', () => {
    const busy = [520, 540, 555].reduce(
      (attention, at) => withKeyPress(attention, at * S),
      withKeyPress(alone, 500 * S),
    );
    expect(standingOf(endedAt(300), busy, 559 * S).standing).toBe('missed');
    expect(standingOf(endedAt(550), busy, 570 * S).standing).toBe('settled');
  });

  it('what ended before the absence, or before it was first seen, was not missed', () => {
    const back = withKeyPress(alone, 500 * S);
    expect(standingOf(endedAt(59), back, 510 * S).standing).toBe('settled');
    expect(standingOf(makeEntry(makeTask('a')), back, 510 * S).standing).toBe('settled');
  });
});
