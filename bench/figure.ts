/** One line of the table that `npm run bench` prints. */
export interface Figure {
  readonly what: string;
  /** What was measured, in words: `5.1× (128 ms against 25 ms)`. */
  readonly measured: string;
  /** The figure and its upper limit, in the same unit. */
  readonly value: number;
  readonly bound: number;
  readonly unit: string;
}

export function figureRow({ what, measured, value, bound, unit }: Figure): string {
  const verdict = value <= bound ? 'ok' : 'MISSED';
  return `| ${what} | ${measured} | at most ${bound}${unit} | ${verdict} |`;
}

export const TABLE_HEAD = '| what | measured | bound | |\n|---|---|---|---|';

/** Returns the value below which `percent` of the values are; NaN without values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Returns three significant digits: 0.123, 4.56, 78.9, 1230. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
