import { describe, expect, it } from 'vitest';
import { keepNewest } from '../../src/model/keep-newest.ts';

const mapOf = (...keys: string[]) => new Map(keys.map((key) => [key, key.toUpperCase()]));

describe('keeping the newest entries of a map', () => {
  it.each([
    ['fewer than there is room for', 4, ['a', 'b', 'c']],
    ['as many', 3, ['a', 'b', 'c']],
    ['one too many', 2, ['b', 'c']],
    ['several too many', 1, ['c']],
    ['no room at all', 0, []],
  ])('%s', (_, most, left) => {
    const map = mapOf('a', 'b', 'c');
    keepNewest(map, most);
    expect([...map.keys()]).toEqual(left);
  });

  it('keeps an entry whose key was set anew where it stood', () => {
    const map = mapOf('a', 'b').set('a', 'again');
    keepNewest(map, 1);
    expect([...map]).toEqual([['b', 'B']]);
  });
});
