import { type Progress, UNKNOWN } from './progress.ts';

/** The figures of one bar after the other. Where one ends and the next begins follows from how the figures fall. */
export interface Phases {
  /**
   * Takes the next figure, 0–100. Returns the one to show for the current phase, or null if none can be trusted. `isLast` means
   * that only the last of `total` things is left.
   */
  take(percent: number, label: string, total: number | null, isLast?: boolean): number | null;
  /** The figure of the current phase. */
  readonly percent: number | null;
  progress(percent: number | null): Progress;
}

/** A figure falls by this much only because something new begins. */
const FALLS_BY = 50;
/** With another label, or from near its end, a fall of this much is enough. */
const FALLS_BY_WITH_LABEL = 10;
const NEAR_END = 90;
/** More bars than this, one after the other, mean one for each of many things, and say nothing about the whole. */
const MOST_PHASES = 8;
/** How often a phase with the same name may begin; beyond that, it is the bar of one thing among many. */
const MOST_OF_ONE_NAME = 2;

/** Creates phases; `before` are the names of those that are over. */
export function createPhases(before: readonly string[] = []): Phases {
  let ended: string[] = [...before];
  let label = '';
  let percent: number | null = null;
  let total: number | null = null;
  let isNearEnd = false;
  let isOneOfMany = false;

  function begin(next: string): void {
    ended = [...ended, label];
    const begun = [...ended, next].filter((name) => name === next).length;
    isOneOfMany ||= ended.length >= MOST_PHASES || begun > MOST_OF_ONE_NAME;
  }

  return {
    take(figure, nextLabel, nextTotal, isLast = false) {
      const fallsBy = (percent ?? 0) - figure;
      const hasGrown = nextTotal !== null && total !== null && nextTotal > total && nextLabel === label;
      const isNext =
        !hasGrown &&
        (fallsBy >= FALLS_BY || (fallsBy >= FALLS_BY_WITH_LABEL && (nextLabel !== label || isNearEnd)));
      if (isNext) begin(nextLabel);
      percent = isNext || hasGrown || percent === null ? figure : Math.max(percent, figure);
      isNearEnd = isLast || percent >= NEAR_END;
      if (isNext || fallsBy <= 0) {
        label = nextLabel;
        total = nextTotal;
      } else if (hasGrown) total = nextTotal;
      return isOneOfMany ? null : percent;
    },
    get percent() {
      return isOneOfMany ? null : percent;
    },
    progress(shown) {
      if (isOneOfMany) return UNKNOWN;
      if (ended.length === 0)
        return shown === null ? UNKNOWN : { steps: [{ name: null, status: 'running', percent: shown }] };
      const names = [...ended, label].map((name, index) => name || `part ${index + 1}`);
      return {
        steps: names.map((name, index) =>
          index < ended.length
            ? { name, status: 'completed', percent: null }
            : { name, status: 'running', percent: shown },
        ),
      };
    },
  };
}
