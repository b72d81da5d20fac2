import { applySgr, NO_STYLE, RESET, type Style } from './style.ts';
import { tokensOf } from './tokens.ts';

/** How much of a line is kept, in characters; the rest is only counted. */
export const LONGEST_LINE = 64 * 1024;
/** How much of an overwritten line is kept; no terminal is wider. */
const WIDEST = 4 * 1024;

interface Cell {
  readonly character: string;
  readonly style: Style;
}

const BLANK: Cell = { character: ' ', style: NO_STYLE };

/**
 * One line of a terminal. While text is only appended, it is stored as it was printed, with all its sequences; once something is
 * overwritten, as cells with their colours.
 */
export class Row {
  #text = '';
  #cells: Cell[] | null = null;
  /** The styles at its beginning and at its end. */
  #first: Style;
  #last: Style;
  #width = 0;
  /** How many characters were beyond the longest line. */
  #beyond = 0;
  #isRedrawn = false;

  constructor(style: Style) {
    this.#first = style;
    this.#last = style;
  }

  /** The number of its characters. */
  get width(): number {
    return this.#cells?.length ?? this.#width;
  }

  /** Whether something was overwritten, as by a progress bar. */
  get isRedrawn(): boolean {
    return this.#isRedrawn;
  }

  get isBlank(): boolean {
    return this.width === 0;
  }

  /** Prints text at a column; returns the column after it. */
  print(text: string, column: number, style: Style): number {
    const count = lengthOf(text);
    if (!this.#cells && column === this.#width) {
      const room = LONGEST_LINE - this.#width;
      this.#text += count <= room ? text : firstOf(text, room);
      this.#beyond += Math.max(0, count - room);
      this.#width += Math.min(count, Math.max(0, room));
      this.#last = style;
      return this.#width;
    }
    this.#isRedrawn ||= column < this.width;
    if (column === 0 && count >= this.width && count <= WIDEST) this.#replace(text, count, style);
    else this.#overwrite(text, column, style);
    return Math.min(column + count, WIDEST);
  }

  /** Keeps a sequence that does not move the cursor. If the line is overwritten later, only colours are left. */
  pass(sequence: string, style: Style): void {
    this.#last = style;
    if (!this.#cells && this.#text.length < 2 * LONGEST_LINE) this.#text += sequence;
  }

  /** Erases the characters from one column to another. */
  erase(from: number, to: number): void {
    if (from >= this.width || from >= to) return;
    const cells = this.#toCells();
    if (to >= cells.length) cells.length = from;
    else cells.fill(BLANK, from, to);
    this.#isRedrawn = true;
  }

  /** Removes characters; those after them move to the left. */
  remove(from: number, count: number): void {
    if (from < this.width) this.#toCells().splice(from, count);
  }

  /** Inserts blanks; the characters after them move to the right. */
  insert(from: number, count: number): void {
    if (from >= this.width) return;
    const cells = this.#toCells();
    cells.splice(from, 0, ...Array.from({ length: Math.min(count, WIDEST) }, () => BLANK));
    if (cells.length > WIDEST) cells.length = WIDEST;
  }

  /** Returns the line as it is stored: it begins and ends without a colour. */
  toString(): string {
    const line = this.#cells ? textOf(this.#cells) : this.#asPrinted();
    return this.#beyond === 0 ? line : `${line}… (${this.#beyond} more characters)`;
  }

  #asPrinted(): string {
    return `${this.#first}${this.#text}${this.#last === NO_STYLE ? '' : RESET}`;
  }

  #replace(text: string, count: number, style: Style): void {
    this.#cells = null;
    this.#text = text;
    this.#width = count;
    this.#first = style;
    this.#last = style;
  }

  #overwrite(text: string, column: number, style: Style): void {
    const cells = this.#toCells();
    while (cells.length < Math.min(column, WIDEST)) cells.push(BLANK);
    let at = column;
    for (const character of text) {
      if (at >= WIDEST) break;
      cells[at] = { character, style };
      at += 1;
    }
  }

  #toCells(): Cell[] {
    this.#cells ??= cellsOf(this.#text, this.#first).slice(0, WIDEST);
    return this.#cells;
  }
}

function cellsOf(text: string, first: Style): Cell[] {
  const cells: Cell[] = [];
  let style = first;
  for (const token of tokensOf(text)) {
    if (token.kind === 'csi') style = applySgr(style, token.parameters);
    else if (token.kind === 'control') cells.push({ character: String.fromCharCode(token.code), style });
    else if (token.kind === 'text') for (const character of token.text) cells.push({ character, style });
  }
  return cells;
}

function textOf(cells: readonly Cell[]): string {
  let line = '';
  let style = NO_STYLE;
  for (const cell of cells) {
    if (cell.style !== style) line += `${style === NO_STYLE ? '' : RESET}${cell.style}`;
    style = cell.style;
    line += cell.character;
  }
  return (style === NO_STYLE ? line : `${line}${RESET}`).trimEnd();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\u0000-\u007f]*$/u;

/** Returns a length in terminal columns, ignoring that some characters are wide. */
function lengthOf(text: string): number {
  return ASCII.test(text) ? text.length : [...text].length;
}

function firstOf(text: string, count: number): string {
  if (count <= 0) return '';
  return ASCII.test(text) ? text.slice(0, count) : [...text].slice(0, count).join('');
}
