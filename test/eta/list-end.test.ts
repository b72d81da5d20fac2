import { describe, expect, it } from 'vitest';
import { endOfList, type OpenWork, parallelismSeen } from '../../src/eta/list-end.ts';

const M = 60_000;
/** `b 10 a c`: task b takes ten minutes more, and waits for a and c; `?` where nobody knows how long. */
function work(...lines: string[]): OpenWork[] {
  return lines.map((line) => {
    const [id = '', minutes, ...dependencies] = line.split(' ');
    return { id, remainingMs: minutes === '?' ? null : Number(minutes) * M, dependencies };
  });
}
const end = (open: OpenWork[], parallelism: number, completed: string[] = []) => {
  const { remainingMs, isWhole } = endOfList(open, new Set(completed), parallelism);
  return [remainingMs / M, isWhole];
};

describe('the end of a list', () => {
  it('is the work over how much is done at once', () => {
    expect(end(work('a 10', 'b 10', 'c 10', 'd 10'), 2)).toEqual([20, true]);
    expect(end(work('a 10', 'b 10', 'c 10'), 1)).toEqual([30, true]);
    expect(end(work('a 10', 'b 20'), 1.5)).toEqual([20, true]);
    expect(end([], 3)).toEqual([0, true]);
  });

  it('is never before the longest chain, however many work on it', () => {
    expect(end(work('c 5 b', 'b 20 a', 'a 10'), 8)).toEqual([35, true]);
    expect(end(work('a 10', 'b 5 a', 'c 30 a', 'd 5 b c'), 4)).toEqual([45, true]);
    expect(end(work('b 20 a'), 4, ['a'])).toEqual([20, true]);
  });

  it('says so where something is not known', () => {
    expect(end(work('a 10', 'b ?'), 1)).toEqual([10, false]);
  });

  it('says so where something waits for ever', () => {
    expect(end(work('a 10', 'b 10 failed', 'c 10 b'), 1)).toEqual([10, false]);
    expect(end(work('a 10', 'b 10 c', 'c 10 b', 'd 10 d'), 1)).toEqual([10, false]);
  });

  it('takes long chains, and a dependency named twice', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => `t${n} 1${n > 0 ? ` t${n - 1} t${n - 1}` : ''}`);
    expect(end(work(...chain), 100)).toEqual([20_000, true]);
  });
});

describe('the parallelism seen', () => {
  const spans = (...pairs: [number, number][]) => pairs.map(([from, to]) => ({ from, to }));
  it.each([
    [spans(), 1],
    [spans([0, 10], [10, 20], [50, 60]), 1],
    [spans([0, 10], [0, 10], [0, 10]), 3],
    [spans([0, 20], [10, 20]), 1.5],
    [spans([5, 5], [9, 3]), 1],
  ])('of %j is %d', (given, expected) => expect(parallelismSeen(given)).toBe(expected));
});
