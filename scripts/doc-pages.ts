/** The documents of the repository: which there are, what they link to, and which of their links are broken. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { marked, type Token, type Tokens } from 'marked';
import { ROOT } from './bundles.ts';

export interface DocPage {
  /** Its path in the repository. */
  readonly path: string;
  readonly title: string;
  readonly tokens: Token[];
  /** In order, with the fragments that link to them. */
  readonly headings: readonly Heading[];
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly id: string;
}

/** The target of a relative link: a path in the repository, and a fragment. */
export interface Target {
  readonly path: string;
  readonly fragment: string | null;
}

/** Reads all documents, by their paths. */
export function docPages(): Map<string, DocPage> {
  const paths = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.sort().map((path) => [path, docPage(path, readFileSync(join(ROOT, path), 'utf8'))]));
}

export function docPage(path: string, text: string): DocPage {
  const tokens = marked.lexer(text);
  const slugger = new GithubSlugger();
  const headings = tokens
    .filter((token): token is Tokens.Heading => token.type === 'heading')
    .map(({ depth, tokens: inner }) => {
      const words = plainWords(inner);
      return { depth, text: words, id: slugger.slug(words) };
    });
  return { path, title: headings[0]?.text ?? path, tokens, headings };
}

/** Returns every link and picture of a page, in order. */
export function linksOf({ tokens }: DocPage): (Tokens.Link | Tokens.Image)[] {
  const links: (Tokens.Link | Tokens.Image)[] = [];
  marked.walkTokens(tokens, (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(token as Tokens.Link | Tokens.Image);
  });
  return links;
}

/** Returns the target of a link on a page, or null if that is outside the repository. A folder means its README. */
export function targetOf(from: string, href: string): Target | null {
  if (/^[a-z][a-z\d+.-]*:|^\/\//iu.test(href)) return null;
  const [path = '', fragment] = href.split('#');
  const joined = path === '' ? from : posix.join(posix.dirname(from), decodeURI(path));
  const readme = posix.join(joined, 'README.md');
  const isFolder = statSync(join(ROOT, joined), { throwIfNoEntry: false })?.isDirectory();
  const isRead = isFolder && existsSync(join(ROOT, readme));
  return { path: isRead ? readme : joined, fragment: fragment ?? null };
}

/** Returns the broken links: `page: link`. */
export function brokenLinks(pages: ReadonlyMap<string, DocPage>): string[] {
  return [...pages.values()].flatMap((page) =>
    linksOf(page)
      .filter(({ href }) => !leadsSomewhere(targetOf(page.path, href), pages))
      .map(({ href }) => `${page.path}: ${href}`),
  );
}

function leadsSomewhere(target: Target | null, pages: ReadonlyMap<string, DocPage>): boolean {
  if (target === null) return true;
  const { path, fragment } = target;
  if (!pages.has(path) && (path.startsWith('..') || !existsSync(join(ROOT, path)))) return false;
  return fragment === null || (pages.get(path)?.headings ?? []).some(({ id }) => id === fragment);
}

/** Returns the text of inline tokens, as a reader sees it. */
function plainWords(tokens: readonly Token[]): string {
  return tokens
    .map((token) => ('tokens' in token && token.tokens ? plainWords(token.tokens) : textOf(token)))
    .join('');
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : '';
}
