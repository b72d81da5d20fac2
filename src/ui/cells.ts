import { widthOf } from '../present/fit.ts';
import { type StyleCodes, withStyleCode } from './theme.ts';

/** A painted row, column by column: the sign in each column, and its style. The second column of a wide sign is empty. */
export interface Cells {
  readonly signs: readonly string[];
  /** SGR parameters (`1;94`); empty for plain text. */
  readonly styles: readonly string[];
}

/**
 * Characters whose width all terminals agree on, and which never join their neighbours: Latin, Greek and Cyrillic letters,
 * punctuation, our own signs, and the wide characters of Chinese, Japanese and Korean.
 */
const CERTAIN_SIGNS = String.raw`\x20-\x7e\u{a0}-\u{ac}\u{ae}-\u{24f}\u{370}-\u{482}\u{48a}-\u{52f}\u{2010}-\u{2027}\u{2190}-\u{21ff}\u{2298}\u{2500}-\u{25fc}\u{25ff}\u{2713}\u{2717}\u{2800}-\u{28ff}\u{203a}\u{3000}-\u{3029}\u{3030}-\u{303e}\u{3041}-\u{3096}\u{309b}-\u{30ff}\u{4e00}-\u{9fff}\u{ac00}-\u{d7a3}\u{ff01}-\u{ff60}`;
const CERTAIN = new RegExp(`^[${CERTAIN_SIGNS}]*$`, 'v');
/** Signs of uncertain width, with the one before them, which they may join. */
const UNCERTAIN = new RegExp(`[${CERTAIN_SIGNS}]?[^${CERTAIN_SIGNS}]+`, 'gv');
/** Among the certain signs, those from here on take two columns. */
const FIRST_WIDE = '\u3000';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const STYLE = /\u001b\[([\d;]*)m/u;

/** Returns the cells of a painted row; null if terminals may disagree about a column. */
export function cellsOf(row: string): Cells | null {
  const signs: string[] = [];
  const styles: string[] = [];
  let codes: StyleCodes = [];
  let style = '';
  for (const [index, part] of row.split(STYLE).entries()) {
    if (index % 2 === 1) {
      codes = part.split(';').reduce((held, code) => withStyleCode(held, Number(code)), codes);
      style = codes.join(';');
      continue;
    }
    if (!CERTAIN.test(part)) return null;
    for (const sign of part) {
      signs.push(sign);
      styles.push(style);
      if (sign < FIRST_WIDE) continue;
      signs.push('');
      styles.push(style);
    }
  }
  return { signs, styles };
}

/**
 * Returns a painted row whose columns stay aligned even if a terminal counts some of its signs differently: whatever follows
 * such signs is moved to its column, over blanks that fill a possible gap.
 */
export function withHeldColumns(row: string): string {
  let held = '';
  let column = 0;
  let isAstray = false;
  const put = (text: string) => {
    if (text === '') return;
    held += (isAstray ? toColumn(column) : '') + text;
    column += widthOf(text);
    isAstray = false;
  };
  for (const [index, part] of row.split(STYLE).entries()) {
    if (index % 2 === 1) {
      held += `\u001b[${part}m`;
      continue;
    }
    let from = 0;
    for (const { 0: signs, index: at } of part.matchAll(UNCERTAIN)) {
      put(part.slice(from, at));
      const start = column;
      put(' '.repeat(widthOf(signs)));
      held += toColumn(start) + signs;
      isAstray = true;
      from = at + signs.length;
    }
    put(part.slice(from));
  }
  return held;
}

/** Moves within the row, as every terminal can; the style is kept. */
function toColumn(column: number): string {
  return column === 0 ? '\r' : `\r\u001b[${column}C`;
}
