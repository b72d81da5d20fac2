import type { ScreenState } from './screen-state.ts';

/** Erases in a row (CSI K): after the cursor (0), before it (1), or all of it (2). */
export function eraseInRow(screen: ScreenState, mode: number): void {
  const row = screen.rows[screen.row];
  if (!row) return;
  const { text } = row;
  const { column } = screen;
  if (mode === 0) row.text = text.slice(0, column);
  else if (mode === 1) row.text = ' '.repeat(Math.min(column + 1, text.length)) + text.slice(column + 1);
  else row.text = '';
  row.isCut = row.isCut && row.text !== '' && mode === 1;
  row.isRedrawn ||= row.text !== text;
}

/** Erases rows (CSI J): below the cursor (0), above it (1), or all of them (2). */
export function eraseRows(screen: ScreenState, mode: number): void {
  const [from, to] =
    mode === 0
      ? [screen.row + 1, screen.rows.length]
      : mode === 1
        ? [0, screen.row]
        : [0, screen.rows.length];
  for (const row of screen.rows.slice(from, to)) {
    row.isRedrawn ||= row.text !== '';
    row.text = '';
    row.isCut = false;
  }
  if (mode === 0) eraseInRow(screen, 0);
}

/** Edits a row: CSI P deletes characters, CSI X blanks them. */
export function editRow(screen: ScreenState, final: string, count: number): void {
  const row = screen.rows[screen.row];
  if (!row) return;
  const [before, behind] = [row.text.slice(0, screen.column), row.text.slice(screen.column)];
  if (final === 'P') row.text = before + behind.slice(count);
  else if (final === 'X')
    row.text =
      before.padEnd(screen.column) + ' '.repeat(Math.min(count, behind.length)) + behind.slice(count);
  row.isRedrawn ||= behind !== '';
}
