/** The syntax tree of a filter. Texts are in lower case and never empty. */
export type FilterTerm =
  /** `field` is null if any field may contain the text. */
  | { readonly kind: 'text'; readonly field: string | null; readonly text: string }
  | { readonly kind: 'not'; readonly of: FilterTerm }
  /** All parts must hold, or at least one. Without parts, everything passes. */
  | { readonly kind: 'all' | 'any'; readonly of: readonly FilterTerm[] };

/** Parentheses nested deeper than this are text: a filter from outside must not exhaust the stack. */
const DEEPEST = 40;

interface Reader {
  readonly text: string;
  readonly fields: ReadonlySet<string>;
  at: number;
  /** How many parentheses are open at `at`. */
  depth: number;
}

/**
 * Parses a filter. Every text is valid: an incomplete one (`status:`, `-`, `a |`, an open quote or parenthesis) means as much
 * as is there so far. `fields` are the words that name a field when a colon follows.
 */
export function readFilter(text: string, fields: ReadonlySet<string>): FilterTerm {
  return readAll({ text, fields, at: 0, depth: 0 }, null) ?? { kind: 'all', of: [] };
}

/** Reads terms up to the end or the closing parenthesis; null if they are empty. */
function readAll(reader: Reader, field: string | null): FilterTerm | null {
  const terms: FilterTerm[] = [];
  for (skipOrs(reader); !isAtEnd(reader); skipOrs(reader)) {
    const term = readAny(reader, field);
    if (term) terms.push(term);
  }
  return joined('all', terms);
}

/** Reads alternatives. `|` binds more tightly than juxtaposition, as in fzf and in web searches. */
function readAny(reader: Reader, field: string | null): FilterTerm | null {
  const terms: FilterTerm[] = [];
  do {
    const term = readTerm(reader, field);
    if (term) terms.push(term);
  } while (skipOrs(reader) && !isAtEnd(reader));
  return joined('any', terms);
}

function joined(kind: 'all' | 'any', terms: readonly FilterTerm[]): FilterTerm | null {
  const [first = null, second] = terms;
  return second ? { kind, of: terms } : first;
}

function readTerm(reader: Reader, outerField: string | null): FilterTerm | null {
  let isNegated = false;
  while (reader.text[reader.at] === '-') {
    isNegated = !isNegated;
    reader.at += 1;
  }
  const field = takeField(reader) ?? outerField;
  const term = opensGroup(reader)
    ? readGroup(reader, field)
    : textTerm(takeQuoted(reader) ?? takeWord(reader), field);
  return term && isNegated ? { kind: 'not', of: term } : term;
}

function opensGroup({ text, at, depth }: Reader): boolean {
  return text[at] === '(' && depth < DEEPEST;
}

function readGroup(reader: Reader, field: string | null): FilterTerm | null {
  reader.at += 1;
  reader.depth += 1;
  const term = readAll(reader, field);
  reader.depth -= 1;
  reader.at += 1; // the closing parenthesis, unless the text ends here
  return term;
}

function textTerm(text: string, field: string | null): FilterTerm | null {
  return text === '' ? null : { kind: 'text', field, text: text.toLowerCase() };
}

function takeField(reader: Reader): string | null {
  const word = matchHere(reader, /[a-z]+(?=:)/iuy)?.[0].toLowerCase();
  if (word === undefined || !reader.fields.has(word)) return null;
  reader.at += word.length + 1;
  return word;
}

/** Takes a quoted text, in which a backslash escapes `"` and itself; null if none begins here. */
function takeQuoted(reader: Reader): string | null {
  const found = matchHere(reader, /"((?:\\["\\]|[^"])*)(?:"|$)/uy);
  if (!found) return null;
  reader.at += found[0].length;
  return (found[1] ?? '').replace(/\\(["\\])/gu, '$1');
}

/** Takes everything up to a blank, `|`, or the parenthesis that closes a group. Parentheses inside a word belong to it. */
function takeWord(reader: Reader): string {
  const from = reader.at;
  let inside = 0;
  for (; reader.at < reader.text.length; reader.at += 1) {
    const sign = reader.text[reader.at] ?? '';
    if (sign === '|' || /\s/u.test(sign)) break;
    if (sign === '(') inside += 1;
    if (sign !== ')') continue;
    if (inside === 0 && reader.depth > 0) break;
    inside -= 1;
  }
  return reader.text.slice(from, reader.at);
}

/** Skips blanks, `|` and `OR`; tells whether there was a `|` or `OR`. */
function skipOrs(reader: Reader): boolean {
  const skipped = matchHere(reader, /(?:\s|\||OR(?=[\s|()]|$))+/uy)?.[0] ?? '';
  reader.at += skipped.length;
  return /[|R]/u.test(skipped);
}

function isAtEnd({ text, at, depth }: Reader): boolean {
  return at >= text.length || (depth > 0 && text[at] === ')');
}

/** Matches a sticky pattern at the current position. */
function matchHere({ text, at }: Reader, sticky: RegExp): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
