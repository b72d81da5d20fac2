import { describe, expect, it } from 'vitest';
import { createCautiousScanner } from '../../src/run/cautious-scanner.ts';
import { createFindProgress } from '../../src/run/find-progress.ts';

/** No pattern of these ever ends on it by itself. */
const LINE = `${'a'.repeat(60)}!\n`;

describe('a pattern of one’s own', () => {
  it('finds what it describes', () => {
    const scan = createCautiousScanner(createFindProgress('at (\\d+) percent'), () => {});
    expect(['at 3', '0 percent\n', 'nothing\n', 'at 31 percent'].map(scan)).toEqual([
      null,
      { kind: 'percent', percent: 30 },
      null,
      { kind: 'percent', percent: 31 },
    ]);
  });

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){25}x', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'that never ends is broken off, and given up at the third time: %s',
    (pattern) => {
      let given = 0;
      const scan = createCautiousScanner(createFindProgress(pattern), () => {
        given += 1;
      });
      const seen = [];
      for (let piece = 0; piece < 10; piece += 1) {
        scan(LINE);
        seen.push(given);
      }
      expect(seen.slice(0, 3)).toEqual([0, 0, 1]);
      expect(given).toBe(1);
    },
  );

  it('that was too slow once is tried on what comes then', () => {
    const scan = createCautiousScanner(createFindProgress('(\\d+)%|(?:a+)+$'), () => {});
    expect([LINE, '40%\n'].map(scan)).toEqual([null, { kind: 'percent', percent: 40 }]);
  });

  it('that fails in another way fails aloud', () => {
    const scan = createCautiousScanner(
      () => {
        throw new TypeError('a bug');
      },
      () => {},
    );
    expect(() => scan('x\n')).toThrow('a bug');
  });
});
