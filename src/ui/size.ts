/** How much of the terminal the view draws on. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
  /** It is a part of the terminal that somebody wanted so small. */
  readonly isInline?: boolean;
}

/** The smallest terminal that taskglass promises to work in. */
export const SMALLEST: Size = { columns: 40, rows: 10 };
/** What is drawn in place has a header, a task and a footer at least. */
export const FEWEST_INLINE = 3;

/** Tells whether a terminal is too small to show anything that a key could act on. */
export function isTooSmall({ columns, rows, isInline = false }: Size): boolean {
  return columns < SMALLEST.columns || rows < (isInline ? FEWEST_INLINE : SMALLEST.rows);
}
