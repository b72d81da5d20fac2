import { type Addressing, ON_WHOLE_SCREEN } from './addressing.ts';
import { type Cells, cellsOf, withHeldColumns } from './cells.ts';
import { rowUpdate, wholeRow } from './row-update.ts';

/** Terminals that know these marks show a frame only once it is complete; others ignore them. */
const FRAME_BEGINS = '\u001b[?2026h';
const FRAME_ENDS = '\u001b[?2026l';
const ERASE_BELOW = '\u001b[J';

/** Draws rows on a terminal. */
export interface Painter {
  /** Makes the terminal show these rows. Writes only what is not already shown, possibly nothing. */
  draw(rows: readonly string[]): void;
  /** Makes the next frame be drawn as a whole, because something else may be on the terminal. */
  forget(): void;
}

/** What the terminal shows in a row. */
interface Shown {
  readonly text: string;
  /** Computed when first needed. */
  readonly cells: () => Cells | null;
}

/** Creates a painter. `write` is called once for each frame that changes something. */
export function createPainter(
  write: (text: string) => void,
  addressing: Addressing = ON_WHOLE_SCREEN,
): Painter {
  const { begin, end, moveTo } = addressing;
  let shown: readonly Shown[] | null = null;

  return {
    draw(rows) {
      const before = shown?.length === rows.length ? shown : [];
      const next = rows.map((text, row) => (before[row]?.text === text ? before[row] : showing(text)));
      const changes = next.map((each, row) =>
        each === before[row] ? '' : change(row, before[row], each, moveTo),
      );
      const isWhole = before.length === 0;
      const room = isWhole ? addressing.room(rows.length) : '';
      const erased = isWhole ? moveTo(Math.max(0, rows.length - 1), 0) + ERASE_BELOW : '';
      shown = next;
      const all = erased + changes.join('');
      if (all !== '') write(`${FRAME_BEGINS}${room}${begin}${all}${end}${FRAME_ENDS}`);
    },
    forget() {
      shown = null;
    },
  };
}

function showing(text: string): Shown {
  let cells: Cells | null | undefined;
  return {
    text,
    cells() {
      if (cells === undefined) cells = cellsOf(text);
      return cells;
    },
  };
}

/**
 * Returns what changes a row. A row with characters of uncertain width is written as a whole, with everything after them
 * moved to its column: in a terminal that counts columns differently, parts of the two rows would be mixed.
 */
function change(row: number, before: Shown | undefined, next: Shown, moveTo: Addressing['moveTo']): string {
  const [from, to] = [before?.cells(), next.cells()];
  if (!to) return wholeRow(row, withHeldColumns(next.text), moveTo);
  const whole = wholeRow(row, next.text, moveTo);
  if (!from) return whole;
  const update = rowUpdate(row, from, to, moveTo);
  return update.length < whole.length ? update : whole;
}
