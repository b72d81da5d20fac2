import { describe, expect, it } from 'vitest';
import { createFindProgress, findProgress } from '../../src/run/find-progress.ts';

const percent = (value: number) => ({ kind: 'percent', percent: value });
const count = (done: number, total: number) => ({ kind: 'count', done, total });
const step = (number: number, total: number, name: string) => ({ kind: 'step', number, total, name });

describe('findProgress', () => {
  it.each([
    ['57%', percent(57)],
    ['tests/test_api.py ......... [ 57%]', percent(57)],
    ['[ 10%] Building CXX object src/a.o', percent(10)],
    ['  1.23M  42%  101.00kB/s    0:00:12', percent(42)],
    ['done 37.5 % of it', percent(37.5)],
    ['[12/340] Building x.o', count(12, 340)],
    ['[ 12 / 340 ] x', count(12, 340)],
    ['    Building [=====>                   ] 57/340: serde, syn', count(57, 340)],
    ['copied 12 of 340 files', count(12, 340)],
    ['Step 3/9 : RUN make', step(3, 9, 'RUN make')],
    ['step 3 of 9: link', step(3, 9, 'link')],
    ['#12 [build 3/9] RUN make', step(3, 9, 'RUN make')],
    ['#7 [2/5] COPY . .', step(2, 5, 'COPY . .')],
    ['version 1.2.3 of 4.5', null],
    ['width: 100%;', percent(100)],
    ['http://x/a%20b', null],
    ['id-57%x', null],
    ['340%', null],
    ['[13/12] beyond', null],
    ['step 0/9', null],
    ['2026/11/21 all fine', null],
    ['', null],
  ])('%j → %j', (line, expected) => {
    expect(findProgress(line)).toEqual(expected);
  });
});

describe('createFindProgress', () => {
  it('reads a percentage from one group, a count from two', () => {
    expect(createFindProgress('at (\\d+) percent')('now at 30 percent')).toEqual(percent(30));
    expect(createFindProgress('(\\d+)~(\\d+)')('3~4')).toEqual(count(3, 4));
    expect(createFindProgress('(\\d+)~(\\d+)')('nothing')).toBeNull();
  });
  it('refuses what is no pattern, or has no group', () => {
    expect(() => createFindProgress('(')).toThrow(SyntaxError);
    expect(() => createFindProgress('\\d+%')).toThrow(RangeError);
  });
});
