/** How much of the terminal the view draws on. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
  /** Whether it is the part of a terminal that is drawn in place, whose height somebody has chosen. */
  readonly isInline?: boolean;
}

/** The smallest terminal that taskglass promises to work in. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** A view that is drawn in place needs at least a header, a task and a footer. */
export const FEWEST_INLINE = 3;

/** Tells whether a terminal is too small to show anything that a key could act on. */
export function isTooSmall({ columns, rows, isInline = false }: Size): boolean {
  return columns < SMALLEST.columns || rows < (isInline ? FEWEST_INLINE : SMALLEST.rows);
}
