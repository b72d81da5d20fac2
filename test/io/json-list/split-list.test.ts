import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteWindow } from '../../../src/io/json-list/byte-window.ts';
import { endOfValue, NOT_JSON } from '../../../src/io/json-list/json-end.ts';
import { type SplitList, splitList } from '../../../src/io/json-list/split-list.ts';
import { createTextPieces } from '../../../src/io/json-list/text-pieces.ts';
import { parseExactly } from '../../../src/model/json.ts';

/** Texts of JSON as any program might write them, and texts that are nearly such. */
const jsonText = fc.oneof(
  fc.json(),
  fc.json().map((text) => JSON.stringify(JSON.parse(text), null, '\t ')),
  fc
    .jsonValue()
    .map((value) =>
      JSON.stringify(value).replace(
        /[^\x20-\x7e]/gu,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ),
  fc.constantFrom(
    '1e5',
    '-0.5E-3',
    '1E+2',
    '9007199254740993',
    'NaN',
    '-Infinity',
    '[nan,1]',
    '" \\" \\\\ \\u00e9"',
    '{}',
    '[ ]',
  ),
);
const damaged = fc
  .tuple(
    jsonText,
    fc.nat(),
    fc.constantFrom('', '"', '\\', ',', '}', ']', '1', '0', '-', '.', 'e', 'tru', '\u0007', ' '),
  )
  .map(
    ([text, at, by]) => text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + 1),
  );

function isJson(text: string): boolean {
  try {
    parseExactly(text);
    return true;
  } catch {
    return false;
  }
}

describe('endOfValue', () => {
  it('finds the end of whatever parses, and of nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(jsonText, damaged), (text) => {
        const bytes = Buffer.from(text);
        const end = endOfValue(bytes, 0);
        const isWhole = end !== NOT_JSON && bytes.toString('utf8', end).trim() === '';
        expect(isWhole).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '',
    ' ',
    '"',
    '"\\x"',
    '"\\u12',
    '01',
    '+1',
    '.5',
    '1.',
    'nul',
    'True',
    '{"a"}',
    '{a:1}',
    '[1,]',
    '{"a":1,}',
    '[1}',
  ])('finds none in %s', (text) =>
    expect(isJson(text) || endOfValue(Buffer.from(text), 0) === Buffer.byteLength(text)).toBe(false),
  );

  it('leaves what is nested a thousand times to others', () => {
    expect(endOfValue(Buffer.from('['.repeat(2_000) + ']'.repeat(2_000)), 0)).toBe(NOT_JSON);
  });
});

/** Reads one document after the other as the thread does, through a window of so many bytes, into pieces of so many. */
function createSplitter({ windowBytes = 64, pieceBytes = 64 } = {}) {
  const pieces = createTextPieces(pieceBytes);
  const room = Buffer.alloc(windowBytes);
  const memory: (Buffer | null)[] = [];
  /** What somebody holds who hears of what is new, and of what has moved. */
  let held: { piece: number; start: number; end: number }[] = [];
  let before: SplitList | null = null;

  function split(text: string): SplitList | null {
    const bytes = Buffer.from(text);
    let at = 0;
    pieces.begin();
    const window = createByteWindow((into) => {
      const count = bytes.copy(into, 0, at, at + 7); // the system, too, gives less than is asked for
      at += count;
      return count;
    }, room);
    return splitList(window, 'items', pieces, before);
  }

  function place({ pieces: of, starts, ends }: SplitList, at: number) {
    return { piece: of[at] as number, start: starts[at] as number, end: ends[at] as number };
  }

  return {
    split,
    /** As `split`, and remembers it. */
    read(text: string): SplitList | null {
      const list = split(text);
      if (!list) return null;
      const fresh = held;
      held = Array.from({ length: list.length }, (_, at) => {
        const was = list.same[at] as number;
        return was < 0 ? place(list, at) : { ...(fresh[was] as (typeof held)[number]) };
      });
      const { moved, news } = pieces.keep(list);
      for (const at of moved) held[at] = place(list, at);
      for (const { piece, memory: shared } of news) memory[piece] = shared && Buffer.from(shared);
      before = list;
      return list;
    },
    texts: () => held.map(({ piece, start, end }) => memory[piece]?.toString('utf8', start, end)),
    bytes: () => memory.reduce((sum, piece) => sum + (piece?.length ?? 0), 0),
  };
}

const item = fc.oneof(
  { weight: 4, arbitrary: fc.nat(20).map((id) => `{"id":${id},"name":"item ${id % 7}"}`) },
  fc.constantFrom(
    '1',
    '12',
    '""',
    '[]',
    'null',
    '{"a":[1,{"b":2}]}',
    '"ends with \\\\"',
    `"${'long '.repeat(40)}"`,
  ),
);
const spaced = fc.constantFrom('', ' ', '\n  ');

function written(items: readonly string[], space: string): string {
  return `{${space}"version":1,"items":${space}[${space}${items.join(`${space},${space}`)}${space}],"z":"]}"${space}}${space}`;
}

describe('splitList', () => {
  it('finds each item, and which of them were there before, whatever was changed, added, removed or moved', () => {
    let known = 0;
    const documents = fc.array(
      fc.record({ items: fc.array(item, { maxLength: 30 }), space: spaced, torn: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (all, windowBytes, pieceBytes) => {
          const splitter = createSplitter({ windowBytes, pieceBytes });
          let before: readonly string[] = [];
          for (const { items, space, torn } of all) {
            const text = written(items, space);
            if (torn) expect(splitter.split(text.slice(0, text.lastIndexOf(']')))).toBeNull();
            expect(splitter.texts()).toEqual(before);
            const split = splitter.read(text);
            expect(JSON.parse(split?.rest ?? '')).toEqual({ version: 1, items: [], z: ']}' });
            expect(splitter.texts()).toEqual(items);
            for (let at = 0; at < items.length; at += 1) {
              const was = split?.same[at] ?? -1;
              if (was < 0) continue;
              known += 1;
              expect(before[was]).toBe(items[at]);
            }
            before = items;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(known).toBeGreaterThan(100);
  });

  it('knows every item again of a list of which one has changed, was added, removed or moved', () => {
    const items = Array.from({ length: 50 }, (_, id) => `{"id":${id}}`);
    const splitter = createSplitter();
    splitter.read(written(items, ''));
    const fresh = (changed: readonly string[]) =>
      splitter
        .split(written(changed, ''))
        ?.same.slice(0, changed.length)
        .filter((was) => was < 0).length;
    expect(fresh(items.with(7, '{"id":7,"is":"new"}'))).toBe(1);
    expect(fresh(items.with(49, '0'))).toBe(1);
    expect(fresh(items.toSpliced(7, 0, '"new"', '"newer"'))).toBe(2);
    expect(fresh([...items, '"new"'])).toBe(1);
    expect(fresh(items.toSpliced(7, 3))).toBe(0);
    expect(fresh([...items.slice(20), ...items.slice(0, 20)])).toBe(0);
    expect(fresh(items.toReversed())).toBe(0);
  });

  it('takes little more memory than the texts do, however often they change, and gives it back', () => {
    const splitter = createSplitter({ windowBytes: 256, pieceBytes: 256 });
    const items = Array.from({ length: 400 }, (_, id) => `{"id":${id},"version":0}`);
    for (let version = 1; version < 60; version += 1) {
      for (let id = version % 7; id < items.length; id += 7) items[id] = `{"id":${id},"version":${version}}`;
      splitter.read(written(items, ''));
      expect(splitter.texts()).toEqual(items);
      // What has just gone, a seventh, may still be looked at.
      expect(splitter.bytes()).toBeLessThan(1.75 * items.join('').length);
    }
    const most = splitter.bytes();
    for (const length of [40, 39, 38]) splitter.read(written(items.slice(0, length), ''));
    expect(splitter.bytes()).toBeLessThan(most / 4);
  });

  it.each([
    ['{"items":[1,2]', 'ends too early'],
    ['{"items":[1,2]} x', 'has something behind it'],
    ['{"items":[1,2],}', 'has a comma too many'],
    ['{"items":[1 2]}', 'lacks a comma'],
    ['{"items":[1],"items":[2]}', 'has the key twice'],
    ['{"\\u0069tems":[1]}', 'writes a key in another way'],
    ['{"items":{"a":1}}', 'has no list there'],
    ['{"other":[1]}', 'has no such key'],
    ['[{"items":[1]}]', 'is no object'],
    ['{}', 'is empty'],
    ['', 'is nothing'],
  ])('does not split %s, which %s', (text) => {
    expect(createSplitter({ windowBytes: 1 }).split(text)).toBeNull();
  });

  it('passes over a byte order mark', () => {
    const splitter = createSplitter();
    splitter.read('\ufeff{"items":["é"]}');
    expect(splitter.texts()).toEqual(['"é"']);
  });
});
