import { describe, expect, it } from 'vitest';
import { createCautiousFind } from '../../../src/run/progress/cautious-find.ts';
import { createFindProgress } from '../../../src/run/progress/pattern.ts';

/** No pattern of these ever ends on it by itself. */
const LINE = [`${'a'.repeat(60)}!`];

describe('the user’s own pattern', () => {
  it('finds what it describes, in the last line that has it', () => {
    const find = createCautiousFind(createFindProgress('at (\\d+) percent'), () => {});
    expect(find(['at 30 percent', 'at 31 percent', 'nothing'])).toEqual({ kind: 'percent', percent: 31 });
    expect(find(['nothing'])).toBeNull();
  });

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){25}x', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'that never ends is broken off, and given up at the third time: %s',
    (pattern) => {
      let given = 0;
      const find = createCautiousFind(createFindProgress(pattern), () => {
        given += 1;
      });
      const seen = [];
      for (let piece = 0; piece < 10; piece += 1) {
        find(LINE);
        seen.push(given);
      }
      expect(seen.slice(0, 3)).toEqual([0, 0, 1]);
      expect(given).toBe(1);
    },
  );

  it('that was too slow once is tried on what comes next', () => {
    const find = createCautiousFind(createFindProgress('(\\d+)%|(?:a+)+$'), () => {});
    expect([LINE, ['40%']].map(find)).toEqual([null, { kind: 'percent', percent: 40 }]);
  });

  it('that fails in another way throws', () => {
    const find = createCautiousFind(
      () => {
        throw new TypeError('a bug');
      },
      () => {},
    );
    // A machine that is busy enough breaks a look off.
    expect(() => [1, 2, 3].map(() => find(['x']))).toThrow('a bug');
  });
});
