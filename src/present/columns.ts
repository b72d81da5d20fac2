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

/** With fewer columns than this, a bar and a step would leave no room for the name. */
const ROOM_FOR_BAR = 60;
const ROOM_FOR_SOURCE = 100;
const ROOM_FOR_WORDS = 160;
/** No screen shows more of a name in a row. */
export const WIDEST_NAME = 64;
/** Names are set apart by steps of this, so that the columns do not move with each new task. */
const NAME_STEP = 8;

/** The widest that there is of each, in columns. `source` is 0 where sources need no telling apart. */
export interface Widest {
  readonly name: number;
  readonly source: number;
}

/**
 * Shares out the width of the screen; what matters least goes first if there is little. What is not needed stays
 * free on the right: wide gaps are hard to read across, and each changed row is written up to its end.
 */
export function layoutColumns(width: number, widest: Widest): Columns {
  const eta = width < ROOM_FOR_BAR ? 10 : width < ROOM_FOR_SOURCE ? 13 : 16;
  const source = width >= ROOM_FOR_SOURCE ? Math.min(widest.source, Math.floor(width / 8)) : 0;
  const bar = width < ROOM_FOR_BAR ? 0 : width < ROOM_FOR_SOURCE ? 8 : width < ROOM_FOR_WORDS ? 10 : 20;
  const steps = width < ROOM_FOR_BAR ? 0 : width < ROOM_FOR_SOURCE ? 5 : 7;
  const blanks = [PERCENT, eta, bar, steps, source].filter((part) => part > 0).length;
  const rest = width - ROW_LEAD - PERCENT - eta - bar - steps - source - blanks;
  if (rest < 28) return { name: rest, bar, percent: PERCENT, steps, step: 0, eta, source };

  const needed = Math.ceil(Math.max(widest.name, 1) / NAME_STEP) * NAME_STEP;
  const most = width < ROOM_FOR_WORDS ? { name: 40, step: 28 } : { name: WIDEST_NAME, step: 60 };
  const name = Math.min(needed, most.name, Math.floor(rest * 0.6));
  const step = Math.min(most.step, rest - name - 1);
  return { name, bar, percent: PERCENT, steps, step, eta, source };
}

/** Returns the width from the bar to the step, for words without figures beside them. */
export function spanOf({ bar, percent, steps, step }: Columns): number {
  const parts = [bar, percent, steps, step].filter((part) => part > 0);
  return parts.reduce((sum, part) => sum + part + 1, -1);
}
