import { lastLineThatSays } from './last-line.ts';
import { LONGEST_LINE } from './row.ts';
import { Rows } from './rows.ts';
import { applySgr, NO_STYLE, type Style, withStyles } from './style.ts';
import { type Token, tokensOf, unfinishedAt } from './tokens.ts';

/** With this many unfinished lines, those that are final are passed on. */
const MANY_ROWS = 500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves a cursor, or is no text
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/;
const RETURNS = /\r(?!\n)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: any sequence but a colour
const SEQUENCES = /\u001b(?!\[[0-9;:]*m)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: but for those that begin and end a sequence
const HAS_CONTROLS = /[\u0000-\u0006\u0008-\u001a\u001c-\u001f\u007f]/u;

/**
 * Turns a command's output into lines as they finally look: overwritten text is dropped, so that a progress bar becomes one line
 * however often it moved. Lines to which the cursor was moved up are held back, because they may change again.
 */
export class LineFold {
  readonly #rows = new Rows();
  #rest = '';
  #style: Style = NO_STYLE;
  /** Whether text is being printed outside the lines, as for a status bar at the bottom. */
  #isElsewhere = false;
  /** Whether a full-screen program is using the terminal. */
  #isAlternate = false;
  #hasMoved = false;
  #done = '';
  #lastLine: string | null = null;

  /** Whether finished lines are held back. */
  get holdsBack(): boolean {
    return this.#rows.count > 1;
  }

  /**
   * Returns the last line that ended since the last call and says something, as it was printed; not a blank or redrawn one. Null
   * if there is none.
   */
  takeLastLine(): string | null {
    const line = this.#lastLine;
    this.#lastLine = null;
    return line;
  }

  /** Takes the next piece of text. Returns the lines that are final now, each with its line end. */
  push(piece: string): string {
    let lines = '';
    for (let from = 0; from < piece.length; from += LONGEST_LINE)
      lines += this.#add(piece.slice(from, from + LONGEST_LINE));
    return lines;
  }

  #add(piece: string): string {
    if (this.#isAtEnd && movesNothing(piece)) return this.#addPlain(piece);
    const text = this.#rest + piece;
    const end = unfinishedAt(text);
    this.#rest = text.slice(end);
    this.#takeAll(text.slice(0, end));
    this.#release();
    return this.#takeDone();
  }

  /** To be called now and then: if nothing was redrawn since the last call, all finished lines are final, and returned. */
  settle(): string {
    if (!this.#hasMoved) this.#settleNow();
    this.#hasMoved = false;
    return this.#takeDone();
  }

  /** Ends the output: all lines are final, including a last one without a line end, and returned. */
  end(): string {
    this.#rest = '';
    this.#settleNow();
    if (!this.#rows.row.isBlank) this.#newline();
    this.#settleNow();
    this.#isAlternate = false;
    return this.#takeDone();
  }

  #settleNow(): void {
    this.#rows.settle();
    this.#isElsewhere = false;
    this.#release();
  }

  /** Whether printing would only append text. */
  get #isAtEnd(): boolean {
    const { count, column, row } = this.#rows;
    const isOnly = this.#rest === '' && count === 1 && column === row.width;
    return isOnly && !this.#isElsewhere && !this.#isAlternate;
  }

  /** Adds text, line ends and colours, which is by far the most common output. */
  #addPlain(piece: string): string {
    const begun = this.#rows.row.isBlank ? 0 : piece.indexOf('\n') + 1 || piece.length;
    const end = Math.max(begun, piece.lastIndexOf('\n') + 1);
    this.#takeAll(piece.slice(0, begun));
    this.#release();
    const whole = piece.slice(begun, end);
    const ended = whole.includes('\r') ? whole.replaceAll('\r\n', '\n') : whole;
    const { lines, style } = withStyles(ended, this.#style);
    if (style !== this.#style) this.#rows.beginWith(style);
    this.#style = style;
    this.#lastLine = lastLineThatSays(lines) ?? this.#lastLine;
    const done = this.#takeDone() + lines;
    this.#takeAll(piece.slice(end));
    return done;
  }

  #takeAll(text: string): void {
    for (const token of tokensOf(text)) this.#take(token);
  }

  #take(token: Token): void {
    if (this.#isAlternate && !(token.kind === 'csi' && token.final === 'l')) return;
    switch (token.kind) {
      case 'text':
        if (!this.#isElsewhere) this.#rows.print(token.text, this.#style);
        return;
      case 'control':
        return this.#control(token.code);
      case 'csi':
        return this.#csi(token);
      case 'escape':
        return this.#escape(token.sequence);
      default:
        token satisfies never;
    }
  }

  #control(code: number): void {
    if (this.#isElsewhere) return;
    if (code >= 0x0a && code <= 0x0c) this.#newline();
    else if (code === 0x0d) this.#rows.column = 0;
    else if (code === 0x08) this.#rows.column -= 1;
    else if (code === 0x09) this.#rows.print('\t', this.#style);
  }

  #newline(): void {
    this.#rows.newline(this.#style);
    if (this.#rows.count > MANY_ROWS) this.#release();
  }

  #csi({ final, parameters, sequence }: Extract<Token, { kind: 'csi' }>): void {
    if (final === 'm' && /^[0-9;:]*$/u.test(parameters)) {
      this.#style = applySgr(this.#style, parameters);
      if (!this.#isElsewhere) this.#rows.row.pass(sequence, this.#style);
      return;
    }
    if (/^\?(?:47|104[79])$/u.test(parameters) && 'hl'.includes(final)) {
      this.#isAlternate = final === 'h';
      return;
    }
    if (!/^[0-9;]*$/u.test(parameters)) return;
    const [first = 0, second = 0] = parameters.split(';').map((text) => Number(text) || 0);
    if (final === 's') this.#rows.save();
    else if (final === 'u') this.#restore();
    else if ('Hf'.includes(final)) this.#goTo(Math.max(1, first), Math.max(1, second));
    else if (final === 'd') this.#goTo(Math.max(1, first), this.#rows.column + 1);
    else if (!this.#isElsewhere) this.#move(final, first);
  }

  #move(final: string, given: number): void {
    const rows = this.#rows;
    const { row, column } = rows;
    const count = Math.max(1, given);
    if ('AF'.includes(final)) {
      rows.up(count);
      this.#hasMoved = true;
    } else if ('BE'.includes(final)) rows.down(count);
    if ('EF'.includes(final)) rows.column = 0;
    else if (final === 'C') rows.column += count;
    else if (final === 'D') rows.column -= count;
    else if (final === 'G') rows.column = count - 1;
    else if (final === 'K') row.erase(given === 0 ? column : 0, given === 1 ? column + 1 : row.width);
    else if (final === 'P') row.remove(column, count);
    else if (final === '@') row.insert(column, count);
    else if (final === 'X') row.erase(column, column + count);
    else if (final === 'J' && given === 0) rows.eraseBelow();
    else if (final === 'J' && given >= 2) rows.clear(this.#style);
  }

  #goTo(row: number, column: number): void {
    // A status bar: the cursor goes back to where it was.
    this.#isElsewhere ||= this.#rows.isSaved && !this.#rows.isScreen;
    if (this.#isElsewhere) return;
    this.#hasMoved = true;
    this.#rows.goTo(row - 1, this.#style);
    this.#rows.column = column - 1;
  }

  #escape(sequence: string): void {
    const kind = sequence[1];
    if (kind === '7') this.#rows.save();
    else if (kind === '8') this.#restore();
    else if (this.#isElsewhere) return;
    else if (kind === 'c') this.#rows.startAnew(this.#style);
    else if (kind === 'M') this.#move('A', 1);
    else if (kind === ']' && !HAS_CONTROLS.test(sequence)) this.#rows.row.pass(sequence, this.#style);
  }

  #restore(): void {
    this.#rows.restore(this.#isElsewhere);
    this.#isElsewhere = false;
  }

  /** Passes on the lines that cannot be redrawn any more. */
  #release(): void {
    const rows = this.#rows.takeFinal();
    if (rows.length === 0) return;
    this.#done += rows.map((row) => `${row}\n`).join('');
    const drawnOnce = rows.filter(({ isRedrawn }) => !isRedrawn).map((row) => `${row}\n`);
    this.#lastLine = lastLineThatSays(drawnOnce.join('')) ?? this.#lastLine;
  }

  #takeDone(): string {
    const done = this.#done;
    this.#done = '';
    return done;
  }
}

function movesNothing(piece: string): boolean {
  // Searching for one character takes a tenth of the time of a regular expression.
  if (piece.includes('\r') && RETURNS.test(piece)) return false;
  if (piece.includes('\u001b') && SEQUENCES.test(piece)) return false;
  return !CONTROLS.test(piece);
}
