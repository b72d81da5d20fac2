import { alignLeft, alignRight, cut, widthOf } from './fit.ts';
import { type Line, line, type Segment, segment } from './line.ts';

/** One column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way where the table is too wide: the higher, the sooner. Columns without it are never cut. */
  readonly yields?: number;
}

/** What stands in a cell: text of one line, with how it is meant. */
export type TableCell = string | Segment;

const GAP = '  ';
/** A column that gives way keeps this much: less says nothing. */
const NARROWEST = 8;

/**
 * A table as lines of at most `width` columns: a head, then a line a row. Wide characters keep the columns; where the
 * room is too small, the columns that may yield are cut, with a mark.
 */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  { width, ascii = false }: { readonly width: number; readonly ascii?: boolean },
): Line[] {
  const widths = columnWidths(columns, rows, width);
  const head = columns.map(({ title }) => segment(title, 'dim'));
  return [head, ...rows].map((cells) => {
    const parts = columns.flatMap((column, index) => {
      const cell = asSegment(cells[index] ?? '');
      const isLast = index === columns.length - 1;
      const text = cellText(cell.text, widths[index] ?? 0, {
        isRight: column.align === 'right',
        isLast,
        ascii,
      });
      return [...(index > 0 ? [segment(GAP)] : []), segment(text, cell.tone)];
    });
    return line(parts);
  });
}

function cellText(
  text: string,
  width: number,
  { isRight, isLast, ascii }: { isRight: boolean; isLast: boolean; ascii: boolean },
): string {
  if (isRight) return alignRight(text, width, ascii);
  return isLast ? cut(text, width, ascii) : alignLeft(text, width, ascii);
}

/** As wide as the widest cell; then column after column yields until the table fits. */
function columnWidths(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  width: number,
): number[] {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, cells) => Math.max(most, widthOf(asSegment(cells[index] ?? '').text)), widthOf(title)),
  );
  let surplus = widths.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1)) - width;
  const yielding = columns
    .map(({ yields = 0 }, index) => ({ yields, index }))
    .filter(({ yields }) => yields > 0)
    .sort((a, b) => b.yields - a.yields);
  for (const { index } of yielding) {
    const given = Math.min(Math.max(0, surplus), Math.max(0, (widths[index] ?? 0) - NARROWEST));
    widths[index] = (widths[index] ?? 0) - given;
    surplus -= given;
  }
  return widths;
}

function asSegment(cell: TableCell): Segment {
  return typeof cell === 'string' ? segment(cell) : cell;
}
