import { type Quotes, unquoted } from './typed-line.ts';

/** Something that could complete the word that is being typed. */
export interface Candidate {
  readonly value: string;
  /** A description, for shells that show one. */
  readonly about?: string;
  /** Whether the word may continue after it, as after a directory or a scheme. */
  readonly isOpen?: boolean;
  /** Whether it is a path that may begin with `~/`, which the shell has to expand. */
  readonly isPath?: boolean;
}

/** What the shell itself should offer in addition. */
export type Besides = 'files' | 'directories' | 'sources' | null;

/**
 * Returns what bash puts into COMPREPLY, one candidate per line. Bash inserts each literally in place of `replaced`, the end
 * of what it considers the word. So each is quoted here, and the shell never interprets anything in a name.
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

/** Returns text as it would be typed inside the quotes that are open. */
export function quoteIn(quotes: Quotes, text: string): string {
  if (quotes === "'") return text.replaceAll("'", `'\\''`);
  // An exclamation mark would recall an earlier command, and a backslash before it would remain.
  if (quotes === '"') return text.replace(/["\\$`]/gu, '\\$&').replaceAll('!', `"'!'"`);
  return text.replace(/[^\w@%+=:,./\-\u0080-\u{10ffff}]/gu, '\\$&');
}

/**
 * Returns the lines that our zsh function reads: what zsh should offer in addition, then the value, description and suffix
 * of each candidate.
 */
export function zshReplies(candidates: readonly Candidate[], besides: Besides, at: number | null): string[] {
  const lines = candidates.map(({ value, about = '', isOpen }) => `${value}\t${about}\t${isOpen ? '' : ' '}`);
  return [directive(besides, at), ...lines];
}

/**
 * Returns the lines that our fish function reads: what fish should offer in addition, then the arguments of `complete -a`.
 */
export function fishReplies(candidates: readonly Candidate[], besides: Besides, at: number | null): string[] {
  const lines = candidates.map(({ value, about }) => (about ? `${value}\t${about}` : value));
  return [directive(besides, at), ...lines];
}

/** Returns `command 3` if the third word of the line begins a command that should be completed as such. */
function directive(besides: Besides, at: number | null): string {
  return at === null ? (besides ?? 'none') : `command ${at + 1}`;
}
