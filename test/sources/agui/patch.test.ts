import fc from 'fast-check';
import fastJsonPatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../../src/sources/agui/patch.ts';
import { LARGEST, sizeOf } from '../../../src/sources/agui/size.ts';

type Op = Record<string, unknown>;

/**
 * By the library of the protocol's own client; undefined if it refuses. It does not see that RFC 6902 forbids to move a
 * value into itself, and lets a move and a copy go beyond the end of a list: they are given to it as the removal and the
 * addition that they are.
 */
function byLibrary(document: unknown, operations: readonly Op[]): unknown {
  try {
    return operations.reduce((before, { op, from, path, value }) => {
      if (op !== 'move' && op !== 'copy') return oneByLibrary(before, { op, path, value });
      if (op === 'move' && `${path}`.startsWith(`${from}/`)) throw new Error('into itself');
      const without = oneByLibrary(before, { op: 'remove', path: from });
      const found = fastJsonPatch.getValueByPointer(before, `${from}`);
      return oneByLibrary(op === 'move' ? without : before, { op: 'add', path, value: found });
    }, document as unknown);
  } catch {
    return undefined;
  }
}

function oneByLibrary(document: unknown, operation: Op): unknown {
  return fastJsonPatch.applyPatch(document, [structuredClone(operation)] as never, true, false).newDocument;
}

const key = fc.constantFrom('a', 'b', 'c', '0', '1', '2', '-', 'm~n', 'x/y');
const json = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('s', 'a', null, true)),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const document = fc.oneof(
  fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true }),
  fc.array(json, { maxLength: 4 }),
);
const pointer = fc
  .array(key, { minLength: 1, maxLength: 3 })
  .map((keys) => keys.map((k) => `/${k.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
const operation: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value: json }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
  fc.record({ op: fc.constantFrom('copy', 'move'), path: pointer, from: pointer }),
);

describe('a patch', () => {
  it('has the same result as in the protocol’s own client', () => {
    fc.assert(
      fc.property(document, fc.array(operation, { maxLength: 6 }), (before, operations) => {
        const untouched = structuredClone(before);
        const expected = byLibrary(before, operations);
        const patched = applyPatch(before, operations);
        expect(before).toEqual(untouched);
        expect(patched.kind === 'patched' ? patched.document : undefined).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shares what it does not touch with the document before', () => {
    const before = { a: { deep: [1] }, b: { deep: [2] } };
    const patched = applyPatch(before, [{ op: 'add', path: '/a/deep/-', value: 3 }]);
    expect(patched).toEqual({ kind: 'patched', document: { a: { deep: [1, 3] }, b: { deep: [2] } } });
    expect((patched as { document: typeof before }).document.b).toBe(before.b);
    expect(before.a.deep).toEqual([1]);
  });

  it('keeps two copies of one value apart', () => {
    expect(
      applyPatch({ a: { n: 1 } }, [
        { op: 'add', path: '/a/m', value: 2 },
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'replace', path: '/b/n', value: 3 },
      ]),
    ).toEqual({ kind: 'patched', document: { a: { n: 1, m: 2 }, b: { n: 3, m: 2 } } });
  });

  it.each<[string, readonly Op[]]>([
    ['copies of the whole', Array.from({ length: 60 }, (_, n) => ({ op: 'copy', from: '', path: `/k${n}` }))],
    ['copies of a part', Array.from({ length: 60 }, () => ({ op: 'copy', from: '/list', path: '/list/-' }))],
    [
      'copies into their own depth',
      Array.from({ length: 300 }, (_, n) => ({ op: 'copy', from: '/in', path: `/in${'/in'.repeat(n)}/in` })),
    ],
    ['200,000 operations', Array.from({ length: 200_000 }, () => ({ op: 'add', path: '/list/0', value: 1 }))],
    [
      'moves to and fro',
      Array.from({ length: 200_000 }, (_, n) => (n % 2 ? move('/y', '/x') : move('/x', '/y'))),
    ],
    ['tests of the whole', Array.from({ length: 200_000 }, () => ({ op: 'test', path: '/list', value: [] }))],
    [
      'additions that are taken back',
      Array.from({ length: 200_000 }, (_, n) =>
        n % 2 ? { op: 'remove', path: '/w' } : { op: 'add', path: '/w', value: 'w' },
      ),
    ],
    [
      'long texts, copied',
      [
        { op: 'add', path: '/text', value: 'x'.repeat(1_000_000) },
        ...Array.from({ length: 60 }, (_, n) => ({ op: 'copy', from: '/text', path: `/t${n}` })),
      ],
    ],
  ])('of %s does not fit', (_what, operations) => {
    const before = { list: Array.from({ length: 500 }, (_, n) => ({ n })), x: {}, in: { in: {} } };
    expect(applyPatch(before, operations).kind).toBe('misfit');
  });

  it('never makes a document larger than it may be, delta after delta', () => {
    let document: unknown = { text: 'y'.repeat(1_000), list: [[]] };
    for (let round = 0; round < 100; round += 1) {
      const patched = applyPatch(document, [
        { op: 'copy', from: '', path: `/k${round}` },
        { op: 'copy', from: '/list', path: '/list/-' },
      ]);
      if (patched.kind === 'patched') document = patched.document;
      const { values, characters, depth } = sizeOf(document);
      expect(values).toBeLessThanOrEqual(LARGEST.values);
      expect(characters).toBeLessThanOrEqual(LARGEST.characters);
      expect(depth).toBeLessThanOrEqual(LARGEST.depth);
    }
  });
});

function move(from: string, path: string): Op {
  return { op: 'move', from, path };
}
