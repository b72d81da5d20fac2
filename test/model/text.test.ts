import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameIn, plainName, plainNameOrNull, plainText } from '../../src/model/text.ts';

describe('plainName', () => {
  it.each([
    ['  two   words\n\tand more ', 'two words and more'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007name', 'name'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u009b31mC1', 'C1'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['a\u0000b\u0007c\u007f', 'abc'],
    ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
    ['family 👨‍👩‍👧 e\u0301', 'family 👨‍👩‍👧 e\u0301'],
  ])('makes %j into %j', (raw, plain) => {
    expect(plainName(raw)).toBe(plain);
  });

  it('cuts ten kilobytes to four, between characters, with a mark', () => {
    const name = plainName('é'.repeat(10_000));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(4096);
    expect(name).toMatch(/^é+…$/u);
  });

  it('leaves nothing that moves a cursor, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
        expect(plainName(raw)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('each character there is', () => {
  const everyCharacter = function* () {
    for (let code = 0; code <= 0x10ffff; code += 1)
      if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  };

  /** What becomes of those that a pattern matches: each between two letters, so that nothing joins it. */
  function outcomes(pattern: RegExp): Set<string> {
    const found = new Set<string>();
    for (const character of everyCharacter()) {
      if (!pattern.test(character)) continue;
      const plain = plainName(`a${character}b`);
      found.add(plain === `a${character}b` ? 'kept' : plain);
    }
    return found;
  }

  it.each([
    [
      'letters, digits, signs and punctuation',
      /[[\p{L}\p{N}\p{S}\p{P}]--\p{Default_Ignorable_Code_Point}]/v,
      ['kept'],
    ],
    ['single marks', /[\p{M}--\p{Default_Ignorable_Code_Point}]/v, ['kept']],
    ['formats but the two joiners', /[\p{Cf}--[\u200c\u200d]]/v, ['ab']],
    ['the two joiners', /[\u200c\u200d]/v, ['kept']],
    [
      'tags, fillers and other ignorable ones',
      /[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0e\ufe0f]]/v,
      ['ab'],
    ],
    ['private use', /\p{Co}/v, ['a\ufffdb']],
    ['what is never to be a character', /\p{Noncharacter_Code_Point}/v, ['a\ufffdb']],
  ])('%s: %j', (_what, pattern, expected) => {
    expect([...outcomes(pattern)]).toEqual(expected);
  });

  it('bears no tower of marks, with joiners among them or not', () => {
    for (const mark of ['\u0301', '\u0489', '\u0e49', '\u0301\u200d', '\u200c\u20dd'])
      expect(plainName(`a${mark.repeat(300)}b`)).toMatch(/^a[\p{M}\u200c\u200d]{1,5}b$/u);
    expect(plainName('Việt E\u0323\u0302 นั้น')).toBe('Việt E\u0323\u0302 นั้น');
  });
});

describe('escape sequences', () => {
  it.each([
    ['an unended title keeps its text', '\u001b]0;never ends', '0;never ends'],
    ['one inside another', '\u001b]a\u001b]b\u0007c', 'ac'],
    ['a lone introducer at the end', 'end\u001b', 'end'],
    ['C1 introducers', '\u009d0;title\u009cname', 'name'],
    ['a charset switch', '\u001b(0name', 'name'],
  ])('%s', (_what, raw, plain) => {
    expect(plainName(raw)).toBe(plain);
  });

  it('cost no more than their length, however hostile', () => {
    const hostile = [
      '\u001b]',
      '\u001b]8;;a',
      '\u001b[',
      '\u001b[1;',
      '\u009d',
      '\u001bP',
      `\u009d${'a'.repeat(500)}`,
    ];
    for (const unit of hostile) {
      const timeFor = (length: number) => {
        const text = unit.repeat(length / unit.length);
        const start = performance.now();
        plainText(text);
        return performance.now() - start;
      };
      timeFor(8_000);
      // Eight times the length took 64 times as long once; the bound leaves room for a busy machine.
      expect(timeFor(256_000)).toBeLessThan(Math.max(40, timeFor(32_000)) * 24);
    }
  });
});

describe('plainText', () => {
  it('keeps lines', () => {
    expect(plainText('one\r\ntwo\u2028three\rfour\n')).toBe('one\ntwo\nthree\nfour');
  });
});

describe('nameIn', () => {
  it('is a string on one line; a number, which is no name, is nothing', () => {
    expect([7, 0, Number.NaN, null, {}, '', ' \u0007 '].map(nameIn)).toEqual(Array(7).fill(null));
    expect(nameIn(' a\nb\u0007 ')).toBe('a b');
  });
});

describe('plainNameOrNull', () => {
  it('is null for what is no text or shows nothing', () => {
    expect([undefined, null, {}, [], true, '', ' \u0007 ', Number.NaN].map(plainNameOrNull)).toEqual(
      Array(8).fill(null),
    );
    expect(plainNameOrNull(7)).toBe('7');
  });
});
