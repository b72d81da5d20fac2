/** A page of the site: the menu, the document, and everything around them. */
import type { DocPage } from './doc-pages.ts';

export interface Section {
  readonly title: string;
  readonly links: { readonly text: string; readonly path: string }[];
}

interface PageParts {
  readonly doc: DocPage;
  readonly menu: readonly Section[];
  /** Returns the address of a document, relative to this page. */
  readonly link: (path: string) => string;
  /** The address of the style sheet. */
  readonly styles: string;
  readonly body: string;
}

export function pageHtml({ doc, menu, link, styles, body }: PageParts): string {
  const title = doc.path === 'README.md' ? doc.title : `${doc.title} – taskglass`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(styles)}">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<a class="to-menu" href="#menu">Menu</a>
<nav id="menu" aria-label="Documentation">
${menuHtml(doc, menu, link)}
</nav>
<main id="content">
${body}</main>
</body>
</html>
`;
}

function menuHtml(doc: DocPage, menu: readonly Section[], link: PageParts['link']): string {
  const sections = menu.map(({ title, links }) => {
    const items = links.map(({ text, path }) => {
      const isHere = path === doc.path;
      const current = isHere ? ' aria-current="page"' : '';
      const inner = isHere ? sectionsHtml(doc) : '';
      return `<li><a href="${escapeHtml(link(path))}"${current}>${escapeHtml(text)}</a>${inner}</li>`;
    });
    return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
  });
  return `<a class="name" href="${escapeHtml(link('README.md'))}">taskglass</a>\n${sections.join('\n')}`;
}

/** Returns the sections of a page, below its line in the menu. */
function sectionsHtml({ headings }: DocPage): string {
  const sections = headings.filter(({ depth }) => depth === 2);
  if (sections.length < 2) return '';
  const items = sections.map(
    ({ id, text }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`,
  );
  return `\n<ul>${items.join('')}</ul>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
