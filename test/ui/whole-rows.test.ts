import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withWholeRows } from '../../src/ui/whole-rows.ts';

/** A row as it is painted: a mark, a sign in colour, a name, a figure. */
const rows = fc
  .tuple(
    fc.constantFrom('  ', '\u001b[1m› \u001b[22m', '\u001b[90m  '),
    fc.constantFrom('plain', '日本語', '🫨 new', 'ᄀᄀ', 'a\u0301', '\u{1f1e6}'),
    fc.nat(99),
  )
  .map(([mark, name, figure]) => `${mark}\u001b[34m⠋\u001b[39m ${name}  ${figure}%`);

/** How much of two rows is the same at their beginning, in text. */
function commonText(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return stripVTControlCharacters(one.slice(0, length));
}

describe('rows with characters that terminals measure differently', () => {
  it('have no beginning in common with the row before, and read the same', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 8 }), (frames) => {
        let shown: readonly string[] = [];
        for (const [index, row] of frames.entries()) {
          const next = withWholeRows([row], shown);
          expect(next.map(stripVTControlCharacters)).toEqual([stripVTControlCharacters(row)]);
          const isSame = stripVTControlCharacters(shown[0] ?? '') === stripVTControlCharacters(row);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape that the common beginning was cut in
          const common = commonText(next[0] ?? '', shown[0] ?? '').replace(/\u001b.*$/u, '');
          const isAnyUncertain = [row, frames[index - 1] ?? ''].some((each) =>
            /🫨|ᄀ|\u0301|\u{1f1e6}/u.test(each),
          );
          if (index > 0 && !isSame && isAnyUncertain) expect(common.length).toBeLessThanOrEqual(1);
          shown = next;
        }
      }),
    );
  });

  it('are left alone while nothing changes, and so are all others', () => {
    const first = withWholeRows(['  🫨  1%', '  plain  1%'], []);
    const second = withWholeRows(['  🫨  2%', '  plain  2%'], first);
    expect(first).toEqual(['  🫨  1%', '  plain  1%']);
    expect(second).toEqual(['\u001b[1m \u001b[22m 🫨  2%', '  plain  2%']);
    expect(withWholeRows(['  🫨  2%', '  plain  2%'], second)).toEqual(second);
    expect(withWholeRows(['  🫨  3%', '  plain  2%'], second)).toEqual(['  🫨  3%', '  plain  2%']);
  });
});
