import { type Quotes, unquoted } from './typed-line.ts';

/** Something that can stand for the word that is being typed. */
export interface Candidate {
  readonly value: string;
  /** What it is, for shells that show it. */
  readonly about?: string;
  /** Whether the word may go on behind it: a directory, a scheme. */
  readonly isOpen?: boolean;
  /** Whether it is a path that may begin with `~/`, which the shell is to expand. */
  readonly isPath?: boolean;
}

/** What the shell itself is to offer besides. */
export type Besides = 'files' | 'directories' | 'sources' | null;

/**
 * Returns what bash puts into COMPREPLY, one a line. It inserts each to the letter in place of `replaced`, the end of the
 * word that it takes for the word: so each is quoted here, and nothing in a name is ever read by the shell.
 */
export function bashReplies(candidates: readonly Candidate[], raw: string, replaced: string): string[] {
  const kept = unquoted(raw.endsWith(replaced) ? raw.slice(0, raw.length - replaced.length) : '');
  const { text } = unquoted(raw);
  return candidates.flatMap(({ value, isOpen, isPath }) => {
    if (!value.startsWith(text) || !value.startsWith(kept.text)) return [];
    const rest = value.slice(kept.text.length);
    const keepsTilde = isPath === true && /^~(?=\/|$)/u.test(rest) && kept.text === '';
    const quoted = keepsTilde ? `~${quoteIn('', rest.slice(1))}` : quoteIn(kept.quotes, rest);
    return [isOpen || kept.quotes !== '' ? quoted : `${quoted} `];
  });
}

/** Returns text as it is typed within the quotes that are open. */
export function quoteIn(quotes: Quotes, text: string): string {
  if (quotes === "'") return text.replaceAll("'", `'\\''`);
  // An exclamation mark would bring back an earlier command, and a backslash before it would stay.
  if (quotes === '"') return text.replace(/["\\$`]/gu, '\\$&').replaceAll('!', `"'!'"`);
  return text.replace(/[^\w@%+=:,./\-\u0080-\u{10ffff}]/gu, '\\$&');
}

/** Returns the lines that our function in zsh reads: what zsh is to offer besides, then value, meaning and suffix of each. */
export function zshReplies(candidates: readonly Candidate[], besides: Besides, at: number | null): string[] {
  const lines = candidates.map(({ value, about = '', isOpen }) => `${value}\t${about}\t${isOpen ? '' : ' '}`);
  return [directive(besides, at), ...lines];
}

/** Returns the lines that our function in fish reads: what fish is to offer besides, then what `complete -a` takes. */
export function fishReplies(candidates: readonly Candidate[], besides: Besides, at: number | null): string[] {
  const lines = candidates.map(({ value, about }) => (about ? `${value}\t${about}` : value));
  return [directive(besides, at), ...lines];
}

/** Returns `command 3` if the third word of the line begins a command that is to be completed as one. */
function directive(besides: Besides, at: number | null): string {
  return at === null ? (besides ?? 'none') : `command ${at + 1}`;
}
