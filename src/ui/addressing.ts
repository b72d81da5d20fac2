const SAVE_CURSOR = '\u001b7';
const RESTORE_CURSOR = '\u001b8';

/** How the cursor reaches the rows to draw, counted from 0. */
export interface Addressing {
  /** Makes room for a frame of this many rows that is drawn as a whole. */
  room(rows: number): string;
  /** Begin and end each frame. */
  readonly begin: string;
  readonly end: string;
  moveTo(row: number, column: number): string;
}

/** The rows are those of the terminal. Every terminal knows these movements; mosh knows few others. */
export const ON_WHOLE_SCREEN: Addressing = {
  room: () => '',
  begin: '',
  end: '',
  moveTo: (row, column) => (column === 0 ? `\u001b[${row + 1}H` : `\u001b[${row + 1};${column + 1}H`),
};

/**
 * The rows begin at the cursor, which returns there after each frame. A terminal that rewraps its lines when it is resized
 * moves the cursor along, so that everything below it can be erased.
 */
export const IN_PLACE: Addressing = {
  room: (rows) => (rows > 1 ? `\r${'\n'.repeat(rows - 1)}\u001b[${rows - 1}A` : '\r'),
  begin: SAVE_CURSOR,
  end: RESTORE_CURSOR,
  moveTo: (row, column) => RESTORE_CURSOR + moved(row, 'B') + moved(column, 'C'),
};

function moved(by: number, direction: 'B' | 'C'): string {
  return by === 0 ? '' : `\u001b[${by}${direction}`;
}
