import { plainLine } from './text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
const COLOUR_OR_TAB = /(\u001b\[[0-9;:]{0,64}m|\t)/u;
const PRINTABLE_ASCII = /^[\x20-\x7e\t]*$/u;
const RESET = '\u001b[0m';

/**
 * Returns a line of a log that is safe for a terminal or a script: only text, tabs and, if `withColours`, colours, which
 * are reset at the end of the line.
 */
export function shownLine(raw: string, withColours: boolean): string {
  if (PRINTABLE_ASCII.test(raw)) return raw; // by far the most common case
  let isColoured = false;
  const line = raw.split(COLOUR_OR_TAB).map((part, index) => {
    if (index % 2 === 0) return plainLine(part);
    if (part === '\t') return part;
    isColoured ||= withColours;
    return withColours ? part : '';
  });
  return line.join('') + (isColoured && !raw.endsWith(RESET) ? RESET : '');
}
