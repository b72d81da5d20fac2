import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonNumber, parseExactly, readJson, zeroNaN } from '../../src/model/json.ts';

describe('JSON from outside', () => {
  it.each([
    ['{"id": 738529527931269425}', { id: '738529527931269425' }],
    ['[1152921504606846976,1152921504606846977]', ['1152921504606846976', '1152921504606846977']],
    ['[-9007199254740993]', ['-9007199254740993']],
    ['9007199254740993', '9007199254740993'],
    ['{"id": 738529527931269425.0}', { id: '738529527931269425' }],
    ['[9007199254740991, 1795970000123456]', [9007199254740991, 1795970000123456]],
    ['[0.30000000000000004, 1e21, 1234567890123456.5]', [0.30000000000000004, 1e21, 1234567890123456.5]],
    ['{"a 12345678901234567": "b: 12345678901234567"}', { 'a 12345678901234567': 'b: 12345678901234567' }],
    ['{"a\\"": "\\\\", "b": 12345678901234567}', { 'a"': '\\', b: '12345678901234567' }],
  ])('keeps each number to the digit: %s', (text, expected) => {
    expect(parseExactly(text)).toEqual(expected);
  });

  it.each([
    ['[NaN, Infinity, -Infinity]', [Infinity, Infinity, -Infinity]],
    ['[nan, inf, -inf]', [Infinity, Infinity, -Infinity]],
    ['{"NaN": "NaN, Infinity", "x": NaN}', { NaN: 'NaN, Infinity', x: Infinity }],
    ['{"x": NaN, "id": 738529527931269425}', { x: Infinity, id: '738529527931269425' }],
    ['\ufeff{"x": -Infinity}', { x: -Infinity }],
  ])('knows the numbers that are none: %s', (text, expected) => {
    expect(parseExactly(text)).toEqual(expected);
  });

  it.each([
    '{NaN: 1}',
    '[NaNs]',
    '[1NaN]',
    '{"a": NaN',
    'NaN NaN',
    '[Inf inity]',
    '{1234567890123456789: 1}',
  ])('is none for all that: %s', (text) => {
    expect(() => parseExactly(text)).toThrow(SyntaxError);
    expect(readJson(text)).toBeUndefined();
  });

  it('is else what JSON.parse reads', () => {
    const value = fc.jsonValue({ noUnicodeString: false });
    fc.assert(
      fc.property(value, (given) => {
        const text = JSON.stringify(given, (_key, inner: unknown) =>
          typeof inner === 'number' && Number.isInteger(inner) && !Number.isSafeInteger(inner) ? 1 : inner,
        );
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('reads any whole number as its digits, wherever it stands', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        const digits = number.toString();
        const read = parseExactly(`{${JSON.stringify(text)}:[ ${digits},\n${digits}]}`);
        const [first] = Object.values(read as Record<string, unknown[]>);
        expect(first?.map(String)).toEqual([digits, digits]);
      }),
    );
  });

  it('has a number for every value, or none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(typeof jsonNumber(value)).toBe('number');
      }),
    );
    expect([3, '3', '3.5', { toString: {} }, null, ['3'], 'three', undefined].map(jsonNumber)).toEqual([
      3,
      3,
      3.5,
      ...Array(5).fill(Number.NaN),
    ]);
  });

  it('is as long with zeros for what is no number', () => {
    expect(zeroNaN('[NaN, -Infinity, "NaN", -inf]')).toBe('[0.0, -0.000000, "NaN", -0.0]');
  });
});
