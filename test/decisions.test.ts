import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DECISIONS = readdirSync(join(ROOT, 'docs/decisions')).filter((name) => name !== 'README.md');

it('every decision is in the list, and the list has no other', () => {
  const listed = [...read('docs/decisions/README.md').matchAll(/\]\(([\w-]+\.md)\)/gu)].map(
    ([, name]) => name,
  );
  expect(listed.sort()).toEqual([...DECISIONS].sort());
});

it.each(DECISIONS)('%s is held by tests that exist', (name) => {
  const held = heldBy(read(`docs/decisions/${name}`));
  expect(held.length).toBeGreaterThan(0);
  expect(missing(held)).toEqual([]);
});

it('every invariant in ARCHITECTURE.md is held by a test that exists', () => {
  const invariants = read('ARCHITECTURE.md').split('**Invariant:**').slice(1);
  const held = invariants.map((paragraph) => heldBy(paragraph.split('\n\n')[0] ?? ''));
  expect(held.length).toBeGreaterThan(9);
  expect(held.filter((tests) => tests.length === 0)).toEqual([]);
  expect(missing(held.flat())).toEqual([]);
});

it('every claim in SECURITY.md is held by tests that exist', () => {
  const held = read('SECURITY.md')
    .split(/^##+ /mu)
    .filter((section) => /^Held by/mu.test(section))
    .map(heldBy);
  expect(held.length).toBeGreaterThan(10);
  expect(held.filter((tests) => tests.length === 0)).toEqual([]);
  expect(missing(held.flat())).toEqual([]);
});

it('misses a test that is not there', () => {
  expect(
    missing([{ file: 'test/decisions.test.ts', title: ['no', 'such', 'title'].join(' ') }]),
  ).toHaveLength(1);
  expect(missing([{ file: 'test/none.test.ts', title: 'x' }])).toHaveLength(1);
});

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** Returns the tests that a text names: a path, a colon, and the beginnings of titles in quotation marks. */
function heldBy(text: string): NamedTest[] {
  const flat = text.replace(/\s+/gu, ' ');
  return [...flat.matchAll(/`(test\/[\w/.-]+)`: ("[^"]+"(?: and "[^"]+")*)/gu)].flatMap(
    ([, file = '', titles = '']) =>
      [...titles.matchAll(/"([^"]+)"/gu)].map(([, title = '']) => ({ file, title })),
  );
}

/** Returns those whose file does not hold their title. */
function missing(tests: readonly NamedTest[]): NamedTest[] {
  return tests.filter(({ file, title }) => !readOrNothing(file).includes(title));
}

function readOrNothing(path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
