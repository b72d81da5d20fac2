import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenLinks, docPage, docPages } from '../scripts/doc-pages.ts';
import { makeSite, siteAddress } from '../scripts/site.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the links of the documents', () => {
  it('all lead somewhere', () => {
    expect(brokenLinks(docPages())).toEqual([]);
  });

  it.each([
    ['[a](none.md)', ['docs/x.md: none.md']],
    ['[a](view.md#none)', ['docs/x.md: view.md#none']],
    ['![a](none.svg)', ['docs/x.md: none.svg']],
    ['[a](#none)', ['docs/x.md: #none']],
    ['| a |\n|---|\n| [a](../../outside.md) |', ['docs/x.md: ../../outside.md']],
    ['# One `two` & three\n\n[a](#one-two--three)', []],
    ['# Twice\n\n# Twice\n\n[a](#twice-1)', []],
    ['[a](guides/) [b](../README.md) [c](https://example.org/none) `[d](none.md)`', []],
  ])('%j', (text, broken) => {
    const pages = new Map(docPages()).set('docs/x.md', docPage('docs/x.md', text));
    expect(brokenLinks(pages)).toEqual(broken);
  });
});

describe('the site', () => {
  const { pages, files } = makeSite();
  const linksIn = (html: string) =>
    [...html.matchAll(/\s(?:href|src)="([^"]*)"/gu)].map(([, address = '']) => address);

  it('has a page for each document', () => {
    expect([...pages.keys()].sort()).toEqual([...docPages().keys()].map(siteAddress).sort());
  });

  it('links to nothing that it has not', () => {
    const missing = [...pages].flatMap(([page, html]) =>
      linksIn(html)
        .filter((address) => !/^https?:/u.test(address) && !has(page, address))
        .map((address) => `${page}: ${address}`),
    );
    expect(missing).toEqual([]);
  });

  it('can be walked from its first page to every other by the menu and the links', () => {
    const reached = new Set(['index.html']);
    for (const page of reached) {
      for (const address of linksIn(pages.get(page) ?? '')) {
        const [path] = at(page, address);
        if (pages.has(path)) reached.add(path);
      }
    }
    expect([...pages.keys()].filter((page) => !reached.has(page))).toEqual([]);
  });

  it('runs no script and fetches nothing from elsewhere', () => {
    const styles = readFileSync(join(ROOT, 'scripts/site.css'), 'utf8');
    expect(styles).not.toMatch(/@import|url\(/u);
    for (const html of pages.values()) {
      expect(html).not.toMatch(/<script|<iframe|\ssrc="(?:https?:)?\/\/|<link[^>]*href="(?:https?:)?\/\//u);
    }
  });

  function has(page: string, address: string): boolean {
    const [path, fragment] = at(page, address);
    if (path === 'site.css') return true;
    if (!pages.has(path)) return files.has(path) && existsSync(join(ROOT, path));
    return fragment === undefined || pages.get(path)?.includes(` id="${fragment}"`) === true;
  }

  /** Returns which page, and which part of it, an address on a page means. */
  function at(page: string, address: string): [path: string, fragment?: string] {
    const [path = '', fragment] = address.split('#');
    const joined = path === '' ? page : posix.join(posix.dirname(page), path);
    return fragment === undefined ? [joined] : [joined, fragment];
  }
});
