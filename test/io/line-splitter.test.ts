import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter } from '../../src/io/line-splitter.ts';

it('finds the same lines wherever the bytes are cut, without those that are too long', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü', '\n', '\r'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 7 })), fc.boolean(), (whole, sizes, isInside) => {
      const limit = 5;
      const splitter = createLineSplitter(limit, isInside);
      const found: string[] = [];
      const bytes = Buffer.from(whole);
      for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
        const end = at + (sizes[piece] ?? 3);
        // The piece is overwritten afterwards, as a reader's buffer is.
        const copy = Buffer.from(bytes.subarray(at, end));
        found.push(...splitter.push(copy).map(String));
        copy.fill(0);
        at = end;
      }
      const lines = whole.split('\n').slice(0, -1);
      const expected = (isInside ? lines.slice(1) : lines).filter((line) => Buffer.byteLength(line) <= limit);
      expect(found).toEqual(expected);
    }),
  );
});
