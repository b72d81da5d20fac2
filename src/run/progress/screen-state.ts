/** One row of the screen. It stays the same object while it scrolls. */
export interface Row {
  text: string;
  /** Something was written since the row was last reported. */
  isNews: boolean;
  isRedrawn: boolean;
  /** It is longer than what is kept of a row, so it is not read. */
  isCut: boolean;
}

/** The screen as cursor movements find it. */
export interface ScreenState {
  rows: Row[];
  row: number;
  column: number;
  /** The row that was written to last since the cursor last moved up. */
  written: Row | null;
  readonly height: number;
  /** The rows that scroll. */
  region: { top: number; bottom: number };
}

export function blankRow(): Row {
  return { text: '', isNews: false, isRedrawn: false, isCut: false };
}
