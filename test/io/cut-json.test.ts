import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutJson } from '../../src/io/cut-json.ts';
import { editJson } from '../../src/io/edit-json.ts';

describe('taking values out of a JSON text', () => {
  it.each([
    [
      'the only one, and what held it',
      '{\n  "a": 1,\n  "b": {"c": [1]}\n}\n',
      [['b', 'c', 0]],
      '{\n  "a": 1\n}\n',
    ],
    ['the first', '[ 1,  2,\n3 ]', [[0]], '[ 2,\n3 ]'],
    ['one in the middle', '[ 1,  2,\n3 ]', [[1]], '[ 1,\n3 ]'],
    ['the last', '[ 1,  2,\n3 ]', [[2]], '[ 1,  2 ]'],
    [
      'several',
      '{"a":[1,2,3,4]}',
      [
        ['a', 0],
        ['a', 2],
      ],
      '{"a":[2,4]}',
    ],
    ['all', '{ "a": [ 1 ] }\n', [['a', 0]], '{}\n'],
    ['what is not there', '{"a":[]}', [['a', 0], ['b']], '{"a":[]}'],
    ['of a key that comes twice', '{"a":[1],"a":[2]}', [['a', 0]], '{"a":[1]}'],
    ['behind a byte order mark', '\ufeff{"a":1, "b":2}', [['a']], '\ufeff{"b":2}'],
  ] as const)('%s', (_name, text, paths, rest) => {
    expect(cutJson(text, paths)).toBe(rest);
  });

  it('undoes what an edit has added behind the others', () => {
    const layouts = fc.constantFrom(undefined, 1, 2, 4, '\t');
    const lists = fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 3 });
    const documents = fc.record({ first: fc.jsonValue({ maxDepth: 2 }), list: lists });
    fc.assert(
      fc.property(documents, layouts, fc.jsonValue({ maxDepth: 2 }), (document, layout, added) => {
        const text = JSON.stringify(document, null, layout);
        const edited = editJson(text, (it) => {
          (it as typeof document).list.push(added);
          Object.assign(it as object, { more: { added } });
        });
        expect(
          cutJson(edited, [
            ['list', document.list.length],
            ['more', 'added'],
          ]),
        ).toBe(text);
      }),
    );
  });
});
