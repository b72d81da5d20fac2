import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['src', 'test', 'docs', 'scripts', 'bench', 'bin', 'examples'];
const FILES = readdirSync(ROOT).flatMap((name) =>
  FOLDERS.includes(name)
    ? readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((below) => `${name}/${below}`)
    : [name],
);
const SET = new Set([...FILES, ...FOLDERS]);
const ROOMS = FILES.filter((file) => /^src\/[^/]+\/README\.md$/u.test(file));

it('finds a path that is wrong, and takes one that is right', () => {
  const text =
    '`src/model/` `model/task.ts` `verify*.ts` `gone.ts` `model/no.ts` `no/` `NO.md` `a/b` `dist/cli.js`';
  expect(missingPaths(text, ['src/', '', 'src/nostr/'])).toEqual(['gone.ts', 'model/no.ts', 'no/', 'NO.md']);
});

it('every path in ARCHITECTURE.md exists', () => {
  expect(missingPaths(read('ARCHITECTURE.md'), ['', ...foldersBelow('src/')])).toEqual([]);
});

const PAGES = FILES.filter((file) => /^docs\/(guides|decisions)\//u.test(file) && file.endsWith('.md'));

it.each(PAGES)('every path in %s exists', (page) => {
  const own = read(page).replaceAll(/`[^`]*NAME[^`]*`/gu, '');
  expect(missingPaths(own, ['', 'src/', 'src/sources/'])).toEqual([]);
});

it('every path in the walks exists below src/', () => {
  const walks = read('docs/walks.md');
  expect(pathsIn(walks).length).toBeGreaterThan(80);
  expect(missingPaths(walks, ['src/'])).toEqual([]);
});

it('every function in the walks stands in its file', () => {
  const named = [...read('docs/walks.md').matchAll(/`([\w/.-]+\.tsx?)`\s+`(\w+)`/gu)];
  expect(named.length).toBeGreaterThan(80);
  const missing = named.filter(
    ([, file = '', name]) => !new RegExp(`\\b${name}\\b`, 'u').test(read(`src/${file}`)),
  );
  expect(missing.map(([found]) => found)).toEqual([]);
});

it.each(ROOMS)('every path in %s exists', (readme) => {
  const room = readme.split('/')[1];
  expect(missingPaths(read(readme), ['', 'src/', `test/${room}/`, ...foldersBelow(`src/${room}/`)])).toEqual(
    [],
  );
});

/** Returns a folder and all below it: a document leaves out the folders that a paragraph is about. */
function foldersBelow(folder: string): string[] {
  const below = FILES.filter((file) => file.startsWith(folder)).map((file) => file.replace(/[^/]*$/u, ''));
  return [...new Set(below)];
}

/** Returns the paths in `text` that lead nowhere from any of the folders (`src/`, or `` for the root). */
function missingPaths(text: string, folders: readonly string[]): string[] {
  return pathsIn(text).filter((path) => !folders.some((folder) => exists(folder + path.replace(/\/$/u, ''))));
}

function exists(path: string): boolean {
  if (!path.includes('*')) return SET.has(path);
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`, 'u');
  return FILES.some((file) => pattern.test(file));
}

/** Returns what stands in backticks and is a path by its look: a known ending, or a slash at the end. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([\w./*-]+)`/gu)].map(([, path = '']) => path);
  return quoted.filter((path) => /(\.(tsx?|js|md|json)|\w\/)$/u.test(path) && !path.startsWith('dist/'));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
