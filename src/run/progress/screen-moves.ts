import { editRow, eraseInRow, eraseRows } from './screen-erase.ts';
import { blankRow, type ScreenState } from './screen-state.ts';

/** Notified of changes to the rows before they happen. */
interface MoveListener {
  /** The cursor is about to leave its row, or its place in it. */
  leave(): void;
  /** The cursor is about to move up to a row. */
  leaveUp(to: number): void;
  /** The cursor has moved to the next line; if `isWhole`, the whole screen has scrolled. */
  scroll(isWhole: boolean): void;
  /** The whole row is about to be erased. */
  blank(): void;
}

type Place = readonly [row: number, column: number];

/** Where the final character of a CSI sequence moves the cursor, given its parameters `n` and `m`, at least 1. */
const PLACES: Readonly<Record<string, (at: ScreenState, n: number, m: number) => Place>> = {
  A: ({ row, column }, n) => [row - n, column],
  B: ({ row, column }, n) => [row + n, column],
  e: ({ row, column }, n) => [row + n, column],
  C: ({ row, column }, n) => [row, column + n],
  a: ({ row, column }, n) => [row, column + n],
  D: ({ row, column }, n) => [row, column - n],
  E: ({ row }, n) => [row + n, 0],
  F: ({ row }, n) => [row - n, 0],
  G: ({ row }, n) => [row, n - 1],
  '`': ({ row }, n) => [row, n - 1],
  d: ({ column }, n) => [n - 1, column],
  H: (_at, n, m) => [n - 1, m - 1],
  f: (_at, n, m) => [n - 1, m - 1],
};

/** Moves the cursor and erases as a terminal does. */
export function createCursorMoves(screen: ScreenState, listener: MoveListener) {
  let saved = { row: 0, column: 0 };

  function moveTo(row: number, column: number): void {
    listener.leave();
    const to = Math.max(0, Math.min(row, screen.height - 1));
    if (to < screen.row) listener.leaveUp(to);
    screen.row = to;
    screen.column = Math.max(0, column);
    while (screen.rows.length <= to) screen.rows.push(blankRow());
  }

  function nextLine(): void {
    listener.leave();
    const { region, row } = screen;
    const isAtEnd = row === region.bottom || row >= screen.height - 1;
    if (isAtEnd) {
      const isWhole = region.top === 0 && region.bottom === screen.height - 1;
      screen.rows.splice(region.top, 1);
      screen.rows.splice(row, 0, blankRow());
      screen.column = 0;
      return listener.scroll(isWhole);
    }
    screen.row += 1;
    screen.column = 0;
    if (screen.row === screen.rows.length) screen.rows.push(blankRow());
    listener.scroll(false);
  }

  function erase(work: () => void, isWholeRow = false): void {
    listener.leave();
    if (isWholeRow) listener.blank();
    work();
  }

  function save(): void {
    saved = { row: screen.row, column: screen.column };
  }

  function setRegion(params: string): void {
    const [top = 1, bottom = screen.height] = numbersOf(params);
    const isRegion = top < bottom && bottom <= screen.height;
    screen.region = isRegion
      ? { top: Math.max(0, top - 1), bottom: bottom - 1 }
      : { top: 0, bottom: screen.height - 1 };
    moveTo(0, 0);
  }

  function csi(params: string, final: string): void {
    if (/[^\d;]/u.test(params)) return;
    const [first, second] = numbersOf(params);
    const count = Math.max(1, first ?? 1);
    const place = PLACES[final]?.(screen, count, Math.max(1, second ?? 1));
    if (place) return moveTo(...place);
    switch (final) {
      case 's':
        return save();
      case 'u':
        return moveTo(saved.row, saved.column);
      case 'K':
        return erase(() => eraseInRow(screen, first ?? 0), first === 2 || (!first && screen.column === 0));
      case 'J':
        return erase(() => eraseRows(screen, first ?? 0), screen.column === 0 || (first ?? 0) > 1);
      case 'P':
      case 'X':
        return erase(() => editRow(screen, final, count));
      case 'r':
        return setRegion(params);
      default:
    }
  }

  return {
    control(code: number): void {
      if (code === 0x0d) moveTo(screen.row, 0);
      else if (code === 0x08) moveTo(screen.row, screen.column - 1);
      else if (code === 0x09) screen.column = (Math.floor(screen.column / 8) + 1) * 8;
      else if (code === 0x0a || code === 0x0b || code === 0x0c) nextLine();
    },
    csi,
    escape(final: string): void {
      if (final === '7') save();
      else if (final === 'c') eraseRows(screen, 2);
      else if (final === '8') moveTo(saved.row, saved.column);
      else if (final === 'E') nextLine();
      else if (final === 'M') moveTo(screen.row - 1, screen.column);
      else if (final === 'D') moveTo(screen.row + 1, screen.column);
    },
  };
}

/** Returns the parameters of a sequence; one that is missing, or 0, is undefined. */
function numbersOf(params: string): (number | undefined)[] {
  if (params === '') return [];
  return params.split(';').map((part) => Math.min(Number(part), 10_000) || undefined);
}
