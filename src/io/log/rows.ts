import { LONGEST_LINE, Row } from './row.ts';
import { NO_STYLE, type Style } from './style.ts';

/** How many lines may be redrawn; no terminal is higher. */
const MOST_ROWS = 200;

/** The lines of an output that may still change, and the cursor. Columns and rows count from 0. */
export class Rows {
  #rows: Row[] = [new Row(NO_STYLE)];
  /** Lines that cannot be redrawn any more, and were not taken out yet. */
  #final: Row[] = [];
  #y = 0;
  #x = 0;
  /** How many of the last finished lines are held back, because the cursor was moved up to them. */
  #held = 0;
  #saved: { readonly y: number; readonly x: number } | null = null;
  /** Whether the cursor is moved to rows of the screen by number: then the first line held back is the screen's first row. */
  #isScreen = false;

  get row(): Row {
    return this.#rows[this.#y] as Row;
  }

  get column(): number {
    return this.#x;
  }

  set column(column: number) {
    this.#x = Math.max(0, Math.min(LONGEST_LINE, column));
  }

  get count(): number {
    return this.#rows.length;
  }

  get isScreen(): boolean {
    return this.#isScreen;
  }

  get isSaved(): boolean {
    return this.#saved !== null;
  }

  print(text: string, style: Style): void {
    this.#x = this.row.print(text, this.#x, style);
  }

  newline(style: Style): void {
    this.#x = 0;
    this.#y += 1;
    if (this.#y === this.#rows.length) this.#rows.push(new Row(style));
  }

  /** Makes the cursor's line, which is blank, begin in a style. */
  beginWith(style: Style): void {
    this.#rows[this.#y] = new Row(style);
  }

  up(count: number): void {
    this.#y = Math.max(0, this.#y - count);
    this.#held = Math.min(MOST_ROWS, Math.max(this.#held, this.#rows.length - 1 - this.#y));
  }

  down(count: number): void {
    this.#y = Math.min(this.#rows.length - 1, this.#y + count);
  }

  /** Moves the cursor to a row of the screen, which begins where this was first called. */
  goTo(row: number, style: Style): void {
    if (!this.#isScreen) this.startAnew(style);
    this.#isScreen = true;
    this.#held = MOST_ROWS;
    this.#y = Math.min(row, MOST_ROWS - 1);
    while (this.#rows.length <= this.#y) this.#rows.push(new Row(style));
  }

  eraseBelow(): void {
    this.row.erase(this.#x, this.row.width);
    this.#rows.length = this.#y + 1;
  }

  /** Clears the screen. Drops its lines if the cursor is moved by row numbers; otherwise, earlier lines stay. */
  clear(style: Style): void {
    if (!this.#isScreen) return this.startAnew(style);
    this.#rows = [new Row(style)];
    this.#y = 0;
  }

  /** Makes all lines so far final, and begins a new one. */
  startAnew(style: Style): void {
    this.settle();
    if (!this.row.isBlank) this.newline(style);
    this.#x = 0;
    this.#final = this.takeFinal();
  }

  save(): void {
    this.#saved = { y: this.#y, x: this.#x };
  }

  /** Restores the saved cursor; with `isBack`, it has not moved, because everything since was printed elsewhere. */
  restore(isBack: boolean): void {
    if (this.#saved && !isBack) {
      this.up(Math.max(0, this.#y - this.#saved.y));
      this.#x = this.#saved.x;
    }
    this.#saved = null;
  }

  /** Makes all lines so far final. */
  settle(): void {
    this.#held = 0;
    this.#isScreen = false;
    this.#saved = null;
    this.#y = this.#rows.length - 1;
  }

  /** Takes out the final lines. */
  takeFinal(): Row[] {
    const count = Math.max(0, Math.min(this.#y, this.#rows.length - 1 - this.#held));
    this.#y -= count;
    if (this.#saved) this.#saved = { ...this.#saved, y: Math.max(0, this.#saved.y - count) };
    const rows = [...this.#final, ...this.#rows.splice(0, count)];
    this.#final = [];
    return rows;
  }
}
