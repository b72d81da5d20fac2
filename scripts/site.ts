/** Makes `dist/site/` from the documents: plain pages that need no server, no JavaScript and nothing from elsewhere. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Marked, type Token, type Tokens } from 'marked';
import { ROOT } from './bundles.ts';
import { brokenLinks, type DocPage, docPages, linksOf, targetOf } from './doc-pages.ts';
import { escapeHtml, pageHtml, type Section } from './site-page.ts';

const SITE = join(ROOT, 'dist', 'site');
/** The page whose lists of links are the site's menu. */
const CONTENTS = 'docs/README.md';
const STYLES = 'site.css';

export interface Site {
  /** The pages' text by their paths in the site. */
  readonly pages: ReadonlyMap<string, string>;
  /** The other files that the pages show or link to, by their paths, which are the same in the repository and in the site. */
  readonly files: ReadonlySet<string>;
}

/** Makes the site; if links are broken, throws an error that names them. */
export function makeSite(): Site {
  const docs = docPages();
  const broken = brokenLinks(docs);
  if (broken.length > 0) throw new Error(`links that lead nowhere:\n${broken.join('\n')}`);
  const contents = docs.get(CONTENTS);
  if (!contents) throw new Error(`${CONTENTS} is missing: it is the menu`);
  const menu = menuOf(contents);
  const pages = new Map<string, string>();
  const files = new Set<string>();
  for (const doc of docs.values()) {
    const at = siteAddress(doc.path);
    const root = posix.relative(posix.dirname(at), '.') || '.';
    const link = (path: string) => posix.relative(posix.dirname(at), siteAddress(path));
    pages.set(at, pageHtml({ doc, menu, link, styles: `${root}/${STYLES}`, body: bodyOf(doc, docs) }));
    for (const { href } of linksOf(doc)) {
      const target = targetOf(doc.path, href);
      if (target && !docs.has(target.path)) files.add(target.path);
    }
  }
  return { pages, files };
}

/** Returns where a file of the repository is in the site. */
export function siteAddress(path: string): string {
  return path.replace(/(^|\/)README\.md$/u, '$1index.html').replace(/\.md$/u, '.html');
}

/** Returns the lists of links below each heading. */
function menuOf(contents: DocPage): Section[] {
  const sections: Section[] = [];
  for (const token of contents.tokens) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ title: token.text, links: [] });
    const section = sections.at(-1);
    if (token.type !== 'list' || !section) continue;
    for (const link of linksOf({ ...contents, tokens: [token] })) {
      const target = targetOf(contents.path, link.href);
      if (target) section.links.push({ text: link.text, path: target.path });
    }
  }
  return sections;
}

/** Returns a page's HTML, with links to the pages of the site. */
function bodyOf(doc: DocPage, docs: ReadonlyMap<string, DocPage>): string {
  const ids = doc.headings.map(({ id }) => id);
  const here = posix.dirname(siteAddress(doc.path));
  const addressOf = (href: string) => {
    const target = targetOf(doc.path, href);
    if (target === null || href.startsWith('#')) return href;
    const fragment = target.fragment === null ? '' : `#${target.fragment}`;
    return `${posix.relative(here, docs.has(target.path) ? siteAddress(target.path) : target.path)}${fragment}`;
  };
  const renderer = new Marked({
    renderer: {
      heading({ depth, tokens }: Tokens.Heading) {
        const id = escapeHtml(ids.shift() ?? '');
        const words = this.parser.parseInline(tokens);
        return `<h${depth} id="${id}">${words}${depth === 1 ? '' : ` <a class="here" href="#${id}" aria-label="Link to this section">#</a>`}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        return `<a href="${escapeHtml(addressOf(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }: Tokens.Image) {
        const target = targetOf(doc.path, href);
        const film = target && filmOf(target.path);
        if (film) return filmHtml(film, text);
        return `<img src="${escapeHtml(addressOf(href))}" alt="${escapeHtml(text)}">`;
      },
      table(token: Tokens.Table) {
        return `<div class="wide" tabindex="0" role="region" aria-label="Table">${tableHtml(token, (cell) => this.parser.parseInline(cell))}</div>\n`;
      },
    },
  });
  return renderer.parser(doc.tokens);
}

function tableHtml({ header, rows }: Tokens.Table, inline: (tokens: Token[]) => string): string {
  const row = (cells: Tokens.TableCell[], name: 'th' | 'td') =>
    `<tr>${cells.map(({ tokens }) => `<${name}>${inline(tokens)}</${name}>`).join('')}</tr>`;
  const body = rows.map((cells) => row(cells, 'td')).join('\n');
  return `<table><thead>${row(header, 'th')}</thead><tbody>${body}</tbody></table>`;
}

/** Returns a film's SVG, or null if it is not one. */
function filmOf(path: string): string | null {
  return /^docs\/tour\/[\w-]+\.svg$/u.test(path) ? readFileSync(join(ROOT, path), 'utf8') : null;
}

/** A film is part of the page itself, so that it can be paused. */
function filmHtml(svg: string, text: string): string {
  const labelled = svg
    .replace('<svg ', `<svg aria-label="${escapeHtml(text)}" `)
    .replace(/<title>.*?<\/title>\n/u, '');
  return `<span class="film">${labelled}<label><input type="checkbox"> pause</label></span>`;
}

if (import.meta.main) {
  const { pages, files } = makeSite();
  rmSync(SITE, { recursive: true, force: true });
  const place = (path: string) => {
    const at = join(SITE, path);
    mkdirSync(dirname(at), { recursive: true });
    return at;
  };
  for (const [path, html] of pages) writeFileSync(place(path), html);
  for (const path of files) copyFileSync(join(ROOT, path), place(path));
  copyFileSync(join(import.meta.dirname, STYLES), place(STYLES));
  console.log(`${pages.size} pages: dist/site/index.html`);
}
