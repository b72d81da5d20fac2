import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { joined, plainName, plainText, words } from '../../src/model/text.ts';
import {
  alignLeft,
  alignRight,
  asciiText,
  cut,
  cutLine,
  cutStart,
  widthOf,
  widthOfAll,
  wrap,
} from '../../src/present/fit.ts';
import { segment } from '../../src/present/line.ts';

describe('cut', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['one too many', 11, 'one too ma…'],
    ['日本語の名前', 7, '日本語…'],
    ['日本語の名前', 8, '日本語…'], // half a character is none
    ['e\u0301te\u0301', 3, 'e\u0301te\u0301'],
    ['anything', 1, '…'],
    ['anything', 0, ''],
    ['', 5, ''],
  ])('%j to %i columns: %j', (text, width, expected) => {
    expect(cut(plainText(text), width)).toBe(expected);
  });

  it('marks with a tilde where only ASCII is wanted', () => {
    expect(cut(words`one too many`, 11, true)).toBe('one too ma~');
  });

  it('drops what terminals disagree about', () => {
    expect(cut(words`👩‍👩‍👧 ❤️ 👍🏽 1️⃣`, 20)).toBe('👩 ❤ 👍 1');
  });
});

describe('cutStart', () => {
  it.each([
    ['short', 10, 'short'],
    ['one too many', 11, '…e too many'],
    ['日本語の名前', 6, '…名前'],
    ['cafe\u0301', 3, '…fe\u0301'],
    ['anything', 0, ''],
  ])('%j to %i columns: %j', (text, width, expected) => {
    expect(cutStart(plainText(text), width)).toBe(expected);
  });
});

describe('cutLine', () => {
  it('marks what is missing, also where a segment ends at the last column', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map(plainText);
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), fc.integer({ min: 1, max: 12 }), (texts, width) => {
        const segments = texts.map((text) => segment(text));
        const { segments: kept } = cutLine(segments, width);
        const shown = kept.map(({ text }) => text).join('');
        expect(widthOfAll(kept)).toBeLessThanOrEqual(width);
        const whole = texts.map((text) => cut(text, 100)).join('');
        expect(shown === whole || shown.endsWith('…')).toBe(true);
      }),
    );
  });
});

describe('widthOf', () => {
  it('agrees with the library about each character by itself and within a word', () => {
    const signs = ['…', '○', '◌', '✓', '✗', '⊘'];
    const latin = Array.from({ length: 0x17f }, (_, code) => String.fromCodePoint(code));
    for (const text of [...signs, ...latin].flatMap((character) => [character, `a${character}b`]))
      expect([text, widthOf(text)]).toEqual([text, stringWidth(text)]);
  });
});

describe('fitting any text', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })).map(plainName);

  it('takes exactly the columns it is given', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 40 }), (name, width) => {
        expect(stringWidth(alignLeft(name, width))).toBe(width);
        expect(stringWidth(alignRight(name, width))).toBe(width);
      }),
    );
  });

  it('wraps to lines that fit and lose nothing but blanks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'bcd', ' ', '  ', '日本', 'é')),
        fc.integer({ min: 2, max: 12 }),
        (parts, width) => {
          const lines = wrap(joined(parts, ''), width);
          expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
          expect(lines.join('').replaceAll(' ', '')).toBe(parts.join('').replaceAll(' ', ''));
        },
      ),
    );
  });
});

describe('what terminals count in two ways', () => {
  /** As those count that do not know clusters: each character by itself, half a flag one, what follows in a syllable none. */
  const byCharacter = (text: string) =>
    [...text].reduce((sum, each) => {
      if (/[\u1160-\u11ff\ud7b0-\ud7ff]/u.test(each)) return sum;
      return sum + (/\p{Regional_Indicator}/u.test(each) ? 1 : stringWidth(each));
    }, 0);
  const pieces = fc.constantFrom(
    ...[
      'a',
      ' ',
      'ᄀ',
      'ᅡ',
      'ᆨ',
      '각',
      'ꥠ',
      'ힰ',
      '日',
      '👩',
      '\u200d',
      '👍🏽',
      '🇩',
      '🇪',
      '❤\ufe0f',
      '1\ufe0f\u20e3',
    ],
    ...['क', '\u094d', 'ष', 'ก', '\u0e49', 'ำ', 'ｶ', 'ﾞ', '\u0378', '\u{1fbff}', '\u{1f6df}', '﷽', '\u0301'],
  );

  it('takes no more columns than it is given, whichever way', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (parts, width) => {
        const text = alignLeft(plainName(parts.join('')), width);
        expect(stringWidth(text)).toBe(width);
        expect(byCharacter(text)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [`Beta ${'ᄀ'.repeat(60)}`, 'Beta ᄀ\ufffd'],
    ['ᅡᅡᅡ', '\ufffd'],
    ['각 각 🇩🇪', '각 각 🇩🇪'],
    ['🇩', '\ufffd'],
    ['\u0378', '\ufffd'],
  ])('%j is shown as %j', (text, shown) => {
    expect(cut(plainText(text), 80)).toBe(shown);
  });
});

describe('wrap', () => {
  it('breaks at blanks, else where the line ends', () => {
    expect(wrap(words`the quick brown fox`, 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap(words`incomprehensible`, 6)).toEqual(['incomp', 'rehens', 'ible']);
    expect(wrap(words`two\nlines`, 10)).toEqual(['two', 'lines']);
    expect(wrap(words``, 10)).toEqual(['']);
  });
});

describe('asciiText', () => {
  it('keeps the width', () => {
    expect(asciiText(words`Über 日本 ✓ naïve`)).toBe('Uber ???? ? naive');
  });

  it('types punctuation as one does', () => {
    expect(asciiText(words`“it’s” 2–9m — a → b …`)).toBe('"it\'s" 2-9m - a > b ~');
  });
});
