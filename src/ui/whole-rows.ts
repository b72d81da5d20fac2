/**
 * Characters of which every terminal knows how many columns they take: Latin, Greek and Cyrillic letters, punctuation, our
 * own signs, and the wide ones of Chinese, Japanese and Korean. Escapes of styles take none.
 */
const CERTAIN =
  /^[\p{ASCII}\u{a0}-\u{24f}\u{370}-\u{52f}\u{2010}-\u{2027}\u{2190}-\u{21ff}\u{2298}\u{2500}-\u{25ff}\u{2713}\u{2717}\u{2800}-\u{28ff}\u{203a}\u{3000}-\u{3029}\u{3030}-\u{30ff}\u{4e00}-\u{9fff}\u{ac00}-\u{d7a3}\u{ff01}-\u{ff60}]*$/v;

const BOLD = '\u001b[1m';
const FAINT = '\u001b[2m';
const NORMAL = '\u001b[22m';

/**
 * Returns the rows to show after `before`. Ink writes a row from its first changed column on, and counts columns
 * itself. In a terminal that counts differently, parts of two rows would be mixed. So a row with characters of
 * uncertain width changes near its beginning each time, in a way that cannot be seen (a blank is bold, or is not), and
 * is written as a whole.
 */
export function withWholeRows(next: readonly string[], before: readonly string[]): string[] {
  return next.map((row, index) => {
    const old = before[index];
    if (old === undefined || old === row || (CERTAIN.test(row) && CERTAIN.test(old))) return row;
    const other = withOtherBlank(row);
    if (old === other) return old;
    return hasOtherBlank(old) ? row : other;
  });
}

type Weight = typeof BOLD | typeof FAINT | '';

function withOtherBlank(row: string): string {
  const at = row.indexOf(' ');
  if (at < 0) return row;
  return row.slice(0, at) + otherBlank(weightAt(row, at)) + row.slice(at + 1);
}

/** Returns the weight that is switched on at a place of a row. */
function weightAt(row: string, at: number): Weight {
  const last = (code: string) => row.lastIndexOf(code, at);
  const [normal, bold, faint] = [last(NORMAL), last(BOLD), last(FAINT)];
  if (normal >= Math.max(bold, faint)) return '';
  return bold > faint ? BOLD : FAINT;
}

function otherBlank(weight: Weight): string {
  if (weight === '') return `${BOLD} ${NORMAL}`;
  return weight === BOLD ? `${NORMAL} ${BOLD}` : `${NORMAL}${BOLD} ${NORMAL}${FAINT}`;
}

/** Styles of texts reach further than one blank. */
function hasOtherBlank(row: string): boolean {
  return ([BOLD, FAINT, ''] as const).some((weight) => row.includes(otherBlank(weight)));
}
