import type { Addressing } from './addressing.ts';
import type { Cells } from './cells.ts';

const ERASE_TO_END = '\u001b[K';
const PLAIN = '\u001b[m';
/** Writing this many unchanged columns again costs no more than skipping them. */
const WRITTEN_OVER = 8;

type MoveTo = Addressing['moveTo'];

/** Returns what draws a whole row, whatever was there. */
export function wholeRow(row: number, text: string, moveTo: MoveTo): string {
  return `${moveTo(row, 0)}${ERASE_TO_END}${text}`;
}

/** Returns what turns one row into another, writing only the differences. The style is plain before and after. */
export function rowUpdate(row: number, before: Cells, next: Cells, moveTo: MoveTo): string {
  let written = '';
  for (const [from, to] of changedSpans(before, next)) written += moveTo(row, from) + styled(next, from, to);
  const end = next.signs.length;
  return before.signs.length > end ? `${written}${moveTo(row, end)}${ERASE_TO_END}` : written;
}

/** Returns the spans in which the cells differ, as `[from, to)`; close spans are merged. */
function changedSpans(before: Cells, next: Cells): [from: number, to: number][] {
  const spans: [number, number][] = [];
  let last: [number, number] | undefined;
  for (let at = 0; at < next.signs.length; at += 1) {
    if (next.signs[at] === before.signs[at] && next.styles[at] === before.styles[at]) continue;
    if (last && at - last[1] <= WRITTEN_OVER) last[1] = at + 1;
    else {
      last = [at, at + 1];
      spans.push(last);
    }
  }
  return spans;
}

function styled({ signs, styles }: Cells, from: number, to: number): string {
  let text = '';
  let style = '';
  for (let at = from; at < to; at += 1) {
    const wanted = styles[at] ?? '';
    if (wanted !== style) {
      text += wanted === '' ? PLAIN : `\u001b[${style === '' ? '' : '0;'}${wanted}m`;
      style = wanted;
    }
    text += signs[at];
  }
  return style === '' ? text : text + PLAIN;
}
