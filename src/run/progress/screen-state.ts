/** One row of the screen, which stays the same one while it scrolls. */
export interface Row {
  text: string;
  /** Something was written since the row was last told of. */
  isNews: boolean;
  isRedrawn: boolean;
  /** It has outgrown what is kept of a row, so it is not read. */
  isCut: boolean;
}

/** The screen as moves of the cursor find it. */
export interface ScreenState {
  rows: Row[];
  row: number;
  column: number;
  /** The row that was written to last, since the cursor last went up. */
  written: Row | null;
  readonly height: number;
  /** The rows that scroll. */
  region: { top: number; bottom: number };
}

export function blankRow(): Row {
  return { text: '', isNews: false, isRedrawn: false, isCut: false };
}
