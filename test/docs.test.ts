import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { cliDocs, keyTableIn } from '../scripts/cli-docs.ts';
import { MAN_PAGE, manPage } from '../scripts/man-page.ts';
import { keyTableMarkdown } from '../src/ui/keymap.ts';
import { runHere } from './helpers/console.ts';
import { temporaryDirectory } from './helpers/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '..');

it('the README lists the keys as the program has them: if not, node scripts/cli-docs.ts', async () => {
  expect(keyTableIn(await readme())).toBe(keyTableMarkdown());
});

it('docs/cli.md tells the commands as they are: if not, node scripts/cli-docs.ts', async () => {
  expect(await readFile(new URL('../docs/cli.md', import.meta.url), 'utf8')).toBe(await cliDocs());
});

it('man/taskglass.1 tells the commands as they are: if not, node scripts/cli-docs.ts', async () => {
  expect(await readFile(MAN_PAGE, 'utf8')).toBe(await manPage());
});

it('what an agent types on a session board works as the README has it', async () => {
  await using directory = await temporaryDirectory();
  const lines = (await readme()).split('\n').filter((line) => line.startsWith('taskglass task '));
  const said = [];
  for (const line of lines) {
    const words = [...line.replace(/ #.*/u, '').matchAll(/"([^"]*)"|(\S+)/gu)].map(
      (match) => match[1] ?? match[2],
    );
    const args = words.slice(1).filter((word) => word !== undefined);
    const { code, stderr } = await runHere(args, {
      cwd: directory.path,
      env: { TASKGLASS_SESSION_ID: 's1' },
    });
    said.push({ code, stderr });
  }
  expect(said).toEqual(Array(4).fill({ code: 0, stderr: '' }));
});

it('the glossary’s words stand where it says', async () => {
  const glossary = await read('docs/glossary.md');
  const rows = [...glossary.matchAll(/^\| \*\*(.+?)\*\*.*\| `(.+)` \|$/gmu)];
  expect(rows.length).toBeGreaterThan(40);
  const missing = [];
  for (const [, word = '', file = ''] of rows) {
    const source = await read(`src/${file}`).catch(() => null);
    const isTypeName = /^[A-Z][a-z]+[A-Z]\w+$/u.test(word);
    if (source === null || (isTypeName && !source.includes(word))) missing.push(`${word}: ${file}`);
  }
  expect(missing).toEqual([]);
});

const LINKED = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT });

it.each(LINKED)('every link in %s leads somewhere in the repository', async (page) => {
  const links = [...(await read(page)).matchAll(/\]\((?![a-z]+:)([^()\s#]*)(?:#([^()\s]+))?\)/giu)];
  const dead = [];
  for (const [link, path = '', anchor] of links) {
    const target = path === '' ? page : posix.join(posix.dirname(page), path);
    const isThere = existsSync(join(ROOT, target));
    const isFound = anchor === undefined || (isThere && anchorsOf(await read(target)).has(anchor));
    if (!isThere || !isFound) dead.push(link);
  }
  expect(dead).toEqual([]);
});

/** The anchors of a page's headings, as they are made where Markdown is shown. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

const readme = () => read('README.md');

function read(file: string): Promise<string> {
  return readFile(new URL(`../${file}`, import.meta.url), 'utf8');
}
