import { describe, expect, it } from 'vitest';
import { QuickSegmenter } from '../../scripts/quick-segmenter.ts';

const quick = new QuickSegmenter();
const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

describe('the segmenter of the bundle', () => {
  it.each([
    '',
    'plain',
    '\u001b[34m⠋ \u001b[39m━━━── 50%',
    '✓ 漢字',
    'e\u0301 ❤\ufe0f',
    '👩‍👩‍👧 x',
    'a\r\nb',
    '각',
  ])('takes %j apart as the real one does', (text) => {
    const parts = [...real.segment(text)].map(({ segment, index }) => ({ segment, index }));
    expect([...quick.segment(text)].map(({ segment, index }) => ({ segment, index }))).toEqual(parts);
  });

  it('takes no two characters for one that the real one keeps together', () => {
    const simple = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).filter(
      isTakenQuickly,
    );
    const joined = simple.filter((first) => {
      const pairs = simple.map((second) => first + second).join('');
      return [...real.segment(pairs)].length !== pairs.length;
    });
    expect(simple.length).toBeGreaterThan(1000);
    expect(joined).toEqual([]);
  });
});

/** Only the quick way answers with a generator. */
function isTakenQuickly(character: string): boolean {
  return 'next' in quick.segment(character);
}
