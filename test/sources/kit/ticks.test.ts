import { describe, expect, it } from 'vitest';
import { createTicks } from '../../../src/sources/kit/ticks.ts';

describe('the times of a list’s entries', () => {
  const boxes = (...marks: string[]) =>
    marks.map((mark, index) => {
      const status = mark === 'x' ? 'completed' : mark === '-' ? 'running' : 'pending';
      return { name: `${index}`, key: `1 ${index}`, status } as never;
    });

  it('are those of the changes in which a box was ticked, as far as they were observed', () => {
    const ticks = createTicks();
    ticks.look(boxes('x', ' ', ' '), 1_000);
    expect(ticks.timesOf('1 0')).toEqual({ startedAt: null, endedAt: null });
    ticks.look(boxes('x', 'x', '-'), 2_000);
    ticks.look(boxes('x', 'x', '-'), 3_000);
    ticks.look(boxes('x', 'x', 'x'), 4_000);
    expect(ticks.timesOf('1 1')).toEqual({ startedAt: null, endedAt: 2_000 });
    expect(ticks.timesOf('1 2')).toEqual({ startedAt: 2_000, endedAt: 4_000 });
    ticks.look(boxes('x', ' ', 'x'), 5_000);
    expect(ticks.timesOf('1 1')).toEqual({ startedAt: null, endedAt: null });
  });

  it('tell a tick from a change of text', () => {
    const ticks = createTicks();
    const box = (text: string, status: string) => ({ name: text, key: `1 ${text}`, status }) as never;
    ticks.look([box('a', 'pending')], 1_000);
    expect(ticks.lastTickAt).toBeNull();
    ticks.look([box('a', 'completed'), box('b', 'pending')], 2_000);
    ticks.look([box('a, again', 'completed'), box('b', 'pending')], 3_000);
    expect(ticks.lastTickAt).toBe(2_000);
    expect(ticks.timesOf('1 a, again')).toEqual({ startedAt: null, endedAt: null });
  });
});
