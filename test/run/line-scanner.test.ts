import { describe, expect, it } from 'vitest';
import { findProgress } from '../../src/run/find-progress.ts';
import { createLineScanner } from '../../src/run/line-scanner.ts';

const count = (done: number, total: number) => ({ kind: 'count', done, total });

/** What is found in each of the pieces. */
const scan = (...pieces: string[]) => pieces.map(createLineScanner(findProgress));

describe('output in pieces', () => {
  it('tells the newest progress of each piece', () => {
    expect(scan('[1/9] a\n[2/9] b\nwarning\n', 'nothing\n', '[3/9] c\n')).toEqual([
      count(2, 9),
      null,
      count(3, 9),
    ]);
  });

  it('joins a line that came in two, and reads a bar that redraws its line', () => {
    expect(scan('[4/', '9] d\n', 'a 10%\ra 20%\ra 3', '0%\r')).toEqual([
      null,
      count(4, 9),
      { kind: 'percent', percent: 20 },
      { kind: 'percent', percent: 30 },
    ]);
  });

  it('reads through colours', () => {
    expect(scan('\u001b[32m[5/9]\u001b[0m e\n')).toEqual([count(5, 9)]);
  });

  it('passes over a line too long to be meant, also when its end comes later', () => {
    const long = `${'x'.repeat(5_000)} [6/9]`;
    expect(scan(long, '\n', '[7/9]\n')).toEqual([null, null, count(7, 9)]);
  });

  it('looks at the end of a large piece only, and at no line that it cut', () => {
    const short = `${'y'.repeat(99)}\n`.repeat(79);
    expect(scan(`[112/340]\n${short}`)).toEqual([count(112, 340)]);
    // The first character is out of sight.
    expect(scan(`157%${' '.repeat(95)}\n${short}z`)).toEqual([null]);
    expect(scan(`${short.repeat(20)}[8/9]\n`)).toEqual([count(8, 9)]);
  });
});
