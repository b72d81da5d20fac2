import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/io/json-text.ts';

/** `line:column what` for text that is no JSON. */
function fault(text: string): string {
  const parsed = parseJson(text);
  if ('value' in parsed) throw new Error('it is JSON');
  const { what, at } = parsed.explain();
  return `${at ? `${at.line}:${at.column}` : '?'} ${what}`;
}

describe('text that is no JSON', () => {
  it.each([
    ['', '1:1 it is empty'],
    ['{"a": [1,2', '1:11 it ends too early'],
    ['{"a": [1 2', "1:10 expected ',' or ']' after array element"],
    ['{\n  "a": 1,\n  b\n}', '3:3 expected double-quoted property name'],
    [`{\n"${'a'.repeat(80)}": xyz}`, "2:85 unexpected token 'x'"],
    ['[1,2,]', "1:6 unexpected token ']'"],
    ['{"a":"b', '1:8 it ends too early'],
    ['hello', "1:1 unexpected token 'h'"],
    ['{"a":1}{', '1:8 unexpected non-whitespace character'],
    ['{"a":NaN,"b":Infinity,"c"', '1:26 it ends too early'],
    ['[NaN,\nx]', "2:1 unexpected token 'x'"],
  ])('%j breaks at %s', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('may begin with a byte order mark', () => {
    expect(parseJson('\ufeff{"a":1}')).toEqual({ value: { a: 1 } });
  });

  it('breaks at a place inside it, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => text.slice(0, -1)),
        ),
        (text) => {
          const parsed = parseJson(text);
          if ('value' in parsed) return;
          const { at } = parsed.explain();
          const line = text.split('\n')[(at?.line ?? 0) - 1];
          expect(line).toBeTypeOf('string');
          expect(at?.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
        },
      ),
    );
  });
});
