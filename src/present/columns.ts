/** How wide each part of a task's row is; 0 leaves it out. Between two parts stands one blank. */
export interface Columns {
  readonly name: number;
  readonly bar: number;
  readonly percent: number;
  readonly steps: number;
  readonly step: number;
  readonly eta: number;
  readonly source: number;
}

/** The marker and the icon, each with a blank behind. */
export const ROW_LEAD = 4;

const PERCENT = 4;
const ETA = 10;

/** Shares out the width of the screen. What matters least goes first where there is little. */
export function layoutColumns(width: number, options: { readonly withSource: boolean }): Columns {
  const bar = width < 60 ? 0 : width < 100 ? 8 : width < 160 ? 12 : 20;
  const steps = width < 60 ? 0 : width < 100 ? 5 : 7;
  const source = options.withSource && width >= 76 ? Math.min(24, Math.round(width / 9)) : 0;
  const gaps = [bar, steps, source].filter((part) => part > 0).length + 2;
  const rest = width - ROW_LEAD - PERCENT - ETA - bar - steps - source - gaps;
  const step = rest < 44 ? (rest < 28 ? 0 : Math.floor(rest * 0.4)) : Math.floor(rest * 0.45);
  return { name: rest - (step > 0 ? step + 1 : 0), bar, percent: PERCENT, steps, step, eta: ETA, source };
}
