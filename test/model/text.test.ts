import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName, plainNameOrNull, plainText } from '../../src/model/text.ts';

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

describe('plainNameOrNull', () => {
  it('is null for what is no text or shows nothing', () => {
    expect([undefined, null, {}, [], true, '', ' \u0007 ', Number.NaN].map(plainNameOrNull)).toEqual(
      Array(8).fill(null),
    );
    expect(plainNameOrNull(7)).toBe('7');
  });
});
