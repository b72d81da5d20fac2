/** What has been typed at a shell, up to the cursor. */
export interface TypedLine {
  /** The words before the one that is being typed, without quotes. */
  readonly words: readonly string[];
  readonly current: TypedWord;
}

/** A word that may be incomplete. */
export interface TypedWord {
  /** As typed, with quotes. */
  readonly raw: string;
  /** Without quotes. */
  readonly text: string;
}

/** The quotes that are open at some point of a line. */
export type Quotes = '' | '"' | "'";

/** Reads a line as a POSIX shell splits it. Nothing is expanded: `$HOME` remains as it is. */
export function readTypedLine(line: string): TypedLine {
  const words: string[] = [];
  let text = '';
  let start = 0;
  let hasBegun = false;
  const reader = createQuoteReader();
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    const kind = reader.read(char);
    if (kind === 'blank') {
      if (hasBegun) words.push(text);
      text = '';
      hasBegun = false;
      start = at + 1;
    } else {
      hasBegun = true;
      if (kind === 'text') text += char;
      if (kind === 'escaped-late') text += `\\${char}`;
    }
  }
  return { words, current: { raw: line.slice(start), text } };
}

/** Returns a word without its quotes, and the quotes that are open at its end. */
export function unquoted(raw: string): { readonly text: string; readonly quotes: Quotes } {
  let text = '';
  const reader = createQuoteReader();
  for (const char of raw) {
    const kind = reader.read(char);
    if (kind === 'text' || kind === 'blank') text += char;
    if (kind === 'escaped-late') text += `\\${char}`;
  }
  return { text, quotes: reader.quotes() };
}

/** What a character is. `escaped-late` means that the backslash before it turned out to be literal. */
type Kind = 'text' | 'quote' | 'blank' | 'escaped-late';

function createQuoteReader(): { read(char: string): Kind; quotes(): Quotes } {
  let quotes: Quotes = '';
  let isEscaped = false;
  return {
    read(char) {
      if (isEscaped) {
        isEscaped = false;
        // Between double quotes, a backslash is literal unless one of these follows.
        return quotes === '"' && !/["\\$`]/u.test(char) ? 'escaped-late' : 'text';
      }
      if (char === '\\' && quotes !== "'") {
        isEscaped = true;
        return 'quote';
      }
      if (quotes === '' && (char === '"' || char === "'")) {
        quotes = char;
        return 'quote';
      }
      if (char === quotes) {
        quotes = '';
        return 'quote';
      }
      return quotes === '' && /[ \t\n]/u.test(char) ? 'blank' : 'text';
    },
    quotes: () => quotes,
  };
}
