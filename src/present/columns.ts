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

/** With fewer columns than this, a bar and a step would leave no room for the name. */
const ROOM_FOR_BAR = 60;
const ROOM_FOR_SOURCE = 100;
const WIDEST_SOURCE = 24;

/**
 * Shares out the width of the screen; what matters least goes first where there is little. `sourceWidth` is the
 * longest source's, 0 where sources need no telling apart.
 */
export function layoutColumns(width: number, sourceWidth: number): Columns {
  const source = width >= ROOM_FOR_SOURCE ? Math.min(sourceWidth, WIDEST_SOURCE) : 0;
  const bar = width < ROOM_FOR_BAR ? 0 : width < 100 ? 8 : width < 160 ? 12 : 20;
  const steps = width < ROOM_FOR_BAR ? 0 : width < 100 ? 5 : 7;
  const blanks = [PERCENT, ETA, bar, steps, source].filter((part) => part > 0).length;
  const rest = width - ROW_LEAD - PERCENT - ETA - bar - steps - source - blanks;
  const step = rest < 28 ? 0 : Math.floor(rest * (width < 100 ? 0.4 : 0.45));
  const name = rest - (step > 0 ? step + 1 : 0);
  return { name, bar, percent: PERCENT, steps, step, eta: ETA, source };
}

/** The width from the bar to the step, for words that need no figures beside them. */
export function spanOf({ bar, percent, steps, step }: Columns): number {
  const parts = [bar, percent, steps, step].filter((part) => part > 0);
  return parts.reduce((sum, part) => sum + part + 1, -1);
}
