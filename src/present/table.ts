import { type PlainText, words } from '../model/text.ts';
import { alignLeft, alignRight, widthOf } from './fit.ts';
import { type Line, line, type Segment, segment } from './line.ts';

/** One column of a table. */
export interface TableColumn {
  readonly title: PlainText;
  readonly align?: 'left' | 'right';
  /**
   * If the table is too wide, the column is narrowed by this weight: 2 is cut to half of what 1 keeps. If absent, it is
   * never narrowed.
   */
  readonly yields?: number;
  /** Whether it may be left out if narrowing is not enough; the last such columns go first. */
  readonly isDispensable?: boolean;
}

/** The content of a cell: text of one line, with its tone. */
export type TableCell = PlainText | Segment;

const GAP = '  ';
/** A narrowed column keeps at least this width. */
const NARROWEST = 8;

/**
 * Returns a table as lines of at most `width` columns: a heading, then a line for each row. Wide characters keep the columns
 * aligned. If there is too little room, columns that yield are cut, with a mark, and then some are left out.
 */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  { width, ascii = false }: { readonly width: number; readonly ascii?: boolean },
): Line[] {
  const head = columns.map(({ title }) => segment(title, 'dim'));
  const cells = [head, ...rows.map((row) => columns.map((_, index) => asSegment(row[index] ?? words``)))];
  const natural = columns.map((column, index) => ({ column, index, width: widestOf(cells, index) }));
  const shown = shrink(withoutDispensable(natural, width), width);
  return cells.map((row) => {
    const parts = shown.flatMap(({ column, index, width }, place) => {
      const { text, tone } = row[index] ?? segment('');
      const isLast = place === shown.length - 1;
      const fitted =
        column.align === 'right' ? alignRight(text, width, ascii) : alignLeft(text, width, ascii);
      return [...(place > 0 ? [segment(GAP)] : []), segment(isLast ? fitted.trimEnd() : fitted, tone)];
    });
    return line(parts);
  });
}

/** A column with its index in the rows and its final width. */
interface Sized {
  readonly column: TableColumn;
  readonly index: number;
  readonly width: number;
}

function widestOf(cells: readonly (readonly Segment[])[], index: number): number {
  return cells.reduce((most, row) => Math.max(most, widthOf(row[index]?.text ?? '')), 0);
}

/** Leaves out as many dispensable columns as needed. */
function withoutDispensable(columns: readonly Sized[], width: number): readonly Sized[] {
  if (sum(columns.map(narrowest)) <= width) return columns;
  const last = columns.findLast(({ column }) => column.isDispensable);
  return last ? withoutDispensable(columns.toSpliced(columns.indexOf(last), 1), width) : columns;
}

/** Repeatedly narrows the yielding column that is widest relative to its weight. */
function shrink(columns: readonly Sized[], width: number): readonly Sized[] {
  const widths = columns.map((each) => each.width);
  for (let surplus = sum(widths) - width; surplus > 0; surplus -= 1) {
    const claims = columns.map((each, index) => claimOf(each, widths[index] ?? 0));
    const most = Math.max(...claims);
    if (most <= 0) break;
    const index = claims.indexOf(most);
    widths[index] = (widths[index] ?? 0) - 1;
  }
  return columns.map((each, index) => ({ ...each, width: widths[index] ?? 0 }));
}

function claimOf({ column }: Sized, width: number): number {
  return width > NARROWEST ? width * (column.yields ?? 0) : 0;
}

function narrowest({ column, width }: Sized): number {
  return column.yields ? Math.min(width, NARROWEST) : width;
}

/** Returns the width of all columns with the gaps between them. */
function sum(widths: readonly number[]): number {
  return widths.reduce((all, each) => all + each, GAP.length * Math.max(0, widths.length - 1));
}

function asSegment(cell: TableCell): Segment {
  return typeof cell === 'string' ? segment(cell) : cell;
}
