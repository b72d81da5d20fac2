import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHead } from '../../../src/io/json-list/parse-head.ts';

describe('parseHead', () => {
  it('tells what is whole of a document, wherever it is cut', () => {
    const document = {
      version: 1,
      'a "key"': { b: [1, 2] },
      tasks: [{ id: 'ä' }, { id: 'b' }, 3],
      last: null,
    };
    for (const text of [
      JSON.stringify(document),
      JSON.stringify(document, null, 2),
      `\ufeff${JSON.stringify(document)}`,
    ]) {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const head = parseHead(bytes.subarray(0, cut)) as typeof document | undefined;
        for (const [key, value] of Object.entries(head ?? {})) {
          const whole = document[key as keyof typeof document];
          if (Array.isArray(value)) expect(value).toEqual((whole as unknown[]).slice(0, value.length));
          else expect(value).toEqual(whole);
        }
      }
      expect(parseHead(bytes)).toEqual(document);
      const upTo = Buffer.from(text.slice(0, text.indexOf('"b"', text.indexOf('"tasks"'))));
      expect(parseHead(upTo)).toMatchObject({ version: 1, tasks: [{ id: 'ä' }] });
    }
  });

  it('takes any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseHead(Buffer.from(bytes))));
    expect(parseHead(Buffer.from('[1,2]'))).toBeUndefined();
    expect(parseHead(Buffer.from(''))).toBeUndefined();
  });
});
