import type { OutputParts } from './escape-parser.ts';
import type { OutputLine } from './found.ts';
import { createCursorMoves } from './screen-moves.ts';
import { blankRow, type Row, type ScreenState } from './screen-state.ts';

/** Receives what is on the screen whenever a row, or a group of rows, has been drawn completely. */
export interface ScreenReader {
  /** A row that the cursor has left: by a line end, a carriage return, or a move. */
  line(line: OutputLine): void;
  /** Rows that are drawn again and again by moving up to them, as a group of bars is; the top one first. */
  frame(lines: readonly OutputLine[]): void;
}

/** No line of text that anyone reads is longer; a line of JSON may be. */
export const ROW_LIMIT = 2_000;
const JSON_LIMIT = 65_536;
/** How many rows are kept if the terminal's height is not known. */
const USUAL_HEIGHT = 100;

export interface Screen extends Omit<OutputParts, 'osc'> {
  /** Treats what is drawn so far as complete. */
  settle(): void;
  /** Whether nothing is drawn as a group at present. */
  readonly isPlain: boolean;
  /** Forgets everything on the screen. */
  clear(): void;
  /** Keeps the last of some complete lines, which somebody else has read. */
  pass(lines: string): void;
}

/**
 * Creates the bottom rows of a terminal, with as much of a terminal as redrawing needs: text, the cursor, erasing, scrolling.
 */
export function createScreen(reader: ScreenReader, rows = USUAL_HEIGHT): Screen {
  const height = rows > 1 ? rows : USUAL_HEIGHT; // some terminals do not know their height
  const screen: ScreenState = {
    rows: [blankRow()],
    row: 0,
    column: 0,
    written: null,
    height,
    region: { top: 0, bottom: height - 1 },
  };
  const frame = createFrame(screen, reader);
  const moves = createCursorMoves(screen, {
    leave,
    leaveUp: frame.moveUp,
    scroll: frame.scroll,
    blank: frame.blank,
  });

  function leave(): void {
    const row = screen.rows[screen.row];
    if (!row?.isNews) return;
    row.isNews = false;
    if (frame.has(screen.row)) return frame.change();
    if (!row.isCut) reader.line({ text: row.text, isRedrawn: row.isRedrawn });
  }

  return {
    text(run) {
      write(screen, run);
    },
    control: moves.control,
    csi: moves.csi,
    escape: moves.escape,
    settle() {
      leave();
      frame.settle();
    },
    clear() {
      screen.rows = [blankRow()];
      screen.row = 0;
      screen.column = 0;
      screen.written = null;
      frame.forget();
    },
    get isPlain() {
      return !frame.has(screen.row);
    },
    pass(lines) {
      const passed = lastLines(lines, height - 1).map((text) => ({
        ...blankRow(),
        text: text.slice(0, ROW_LIMIT),
      }));
      screen.rows = [...screen.rows.slice(0, screen.row), ...passed, blankRow()].slice(-height);
      screen.row = screen.rows.length - 1;
      screen.column = 0;
    },
  };
}

/** Returns the last `count` lines of a text that ends with a line end. */
function lastLines(text: string, count: number): string[] {
  let from = text.length - 1;
  for (let left = count; left > 0 && from >= 0; left -= 1) from = text.lastIndexOf('\n', from - 1);
  return text.slice(from + 1, -1).split('\n');
}

function write(screen: ScreenState, run: string): void {
  const row = screen.rows[screen.row];
  if (!row) return;
  const { column } = screen;
  const end = column + run.length;
  screen.column = end;
  row.isNews = true;
  screen.written = row;
  if (row.isCut && column === 0) {
    row.isCut = false;
    row.text = '';
    row.isRedrawn = true;
  }
  const limit = (row.text || run).startsWith('{') ? JSON_LIMIT : ROW_LIMIT;
  if (end > limit) {
    row.isCut = true;
    return;
  }
  if (column === row.text.length) {
    row.text += run;
    return;
  }
  row.isRedrawn ||= column < row.text.length;
  row.text = row.text.slice(0, column).padEnd(column) + run + row.text.slice(end);
}

/** This many lines below the frame without a move back to it mean that the frame is finished. */
const LEFT_BEHIND_AFTER = 3;

/** Knows which rows are drawn as a group, from the moves up to them. */
function createFrame(screen: ScreenState, reader: ScreenReader) {
  let top: number | null = null;
  let isChanged = false;
  let bottom = 0;
  let linesBelow = 0;

  function tell(): void {
    if (top === null || !isChanged) return;
    isChanged = false;
    const rows = screen.rows.slice(top).filter((row) => !row.isCut && row.text.trim() !== '');
    reader.frame(rows.map(({ text, isRedrawn }) => ({ text, isRedrawn })));
  }

  /** Reports a line below a group of rows that was not part of it. */
  function tellLine({ text, isRedrawn, isCut }: Row): void {
    if (!isCut && text !== '') reader.line({ text, isRedrawn });
  }

  return {
    has: (row: number) => top !== null && row >= top,
    change() {
      isChanged = true;
    },
    /** Rows are erased from the last one up before they are drawn again: they are complete before the first is erased. */
    blank() {
      if (screen.written !== null && screen.written === screen.rows[screen.row]) tell();
    },
    /** What was drawn before the cursor moves up is complete. */
    moveUp(to: number) {
      tell();
      const last = screen.written ? screen.rows.indexOf(screen.written) : screen.row;
      bottom = Math.max(last, top === null ? 0 : bottom);
      screen.written = null;
      linesBelow = 0;
      top = top === null ? to : Math.min(top, to);
    },
    /** The rows have moved up by one (`isWhole`), or the cursor has moved one row down. */
    scroll(isWhole: boolean) {
      if (top === null) return;
      if (isWhole) {
        top = Math.max(0, top - 1);
        bottom -= 1;
      }
      linesBelow = screen.row > bottom ? linesBelow + 1 : 0;
      if (linesBelow < LEFT_BEHIND_AFTER) return;
      for (const row of screen.rows.slice(Math.max(0, bottom + 1), screen.row)) tellLine(row);
      top = null;
      isChanged = false;
      linesBelow = 0;
    },
    settle: tell,
    forget() {
      top = null;
      isChanged = false;
      linesBelow = 0;
    },
  };
}
