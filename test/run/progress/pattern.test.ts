import { describe, expect, it } from 'vitest';
import { createFindProgress } from '../../../src/run/progress/pattern.ts';

describe('createFindProgress', () => {
  it('reads a percentage from one group, a count from two', () => {
    const percent = { kind: 'percent', percent: 30 };
    expect(createFindProgress('at (\\d+) percent')('now at 30 percent')).toEqual(percent);
    const count = { kind: 'count', done: 3, total: 4 };
    expect(createFindProgress('(\\d+)~(\\d+)')('3~4')).toEqual(count);
    expect(createFindProgress('(\\d+)~(\\d+)')('nothing')).toBeNull();
  });
  it('refuses what is not a pattern, or has no group', () => {
    expect(() => createFindProgress('(')).toThrow(SyntaxError);
    expect(() => createFindProgress('\\d+%')).toThrow(RangeError);
  });
});
