import { PRIORS } from './priors.ts';

/** The progress of a bar (0–1), and the time its step had taken by then. */
export interface BarPoint {
  readonly progress: number;
  readonly spentMs: number;
}

/** The bar of one running step: its progress, and how much of that was not done by this run. */
export interface Bar {
  report(progress: number, spentMs: number): void;
  readonly last: BarPoint;
  /**
   * Where the work of this run begins. Progress that was there already (a checkpoint, a cache, an earlier phase) says nothing
   * about its pace.
   */
  readonly found: BarPoint;
}

const NOTHING: BarPoint = { progress: 0, spentMs: 0 };

/** How many reports must follow an early bend before it counts. */
const REPORTS_TO_TELL = 2;
/** The same, if more than a third of the time so far had passed before the bend. */
const REPORTS_TO_TELL_LATE = 5;
/** The next milestone is recorded when the time has grown by this factor. */
const KEPT_EVERY = 1.25;

/** A point of the bar's course, and how many reports came before it. */
interface Milestone extends BarPoint {
  readonly reportsBefore: number;
  /** Set after a jump at the beginning, or a fall: the pace after this point may differ from the one before. */
  readonly isBreak: boolean;
}

export function createBar(): Bar {
  let milestones: Milestone[] = [];
  let last = NOTHING;
  let found = NOTHING;
  let reports = 0;

  function report(progress: number, spentMs: number): void {
    const fell = progress < last.progress;
    if (fell) rescale(progress / last.progress);
    const isBreak = fell ? progress < last.progress * PRIORS.deepFall : isJump(progress, spentMs);
    last = { progress, spentMs };
    reports += 1;
    keep(isBreak);
    found = isBreak ? last : whereWorkBegan();
  }

  /** Tells whether the first report is already a large one, although hardly any time has passed. */
  function isJump(progress: number, spentMs: number): boolean {
    return last.progress === 0 && progress >= PRIORS.leastJump && spentMs <= PRIORS.firstMomentsMs;
  }

  /** Adjusts to a larger total: the same work is now a smaller share of the whole. */
  function rescale(factor: number): void {
    const scaled = <P extends BarPoint>(point: P): P => ({ ...point, progress: point.progress * factor });
    milestones = milestones.map(scaled);
    found = scaled(found);
  }

  function keep(isBreak: boolean): void {
    const before = milestones.at(-1);
    if (before && !isBreak && last.spentMs < before.spentMs * KEPT_EVERY) return;
    if (last.progress === 0 && !isBreak) return;
    milestones.push({ ...last, reportsBefore: reports, isBreak });
  }

  /** Returns the point with the sharpest bend, if it is too sharp for a steady pace. */
  function whereWorkBegan(): BarPoint {
    let sharpest: BarPoint = NOTHING;
    let most: number = PRIORS.sharpBend;
    for (const [index, point] of milestones.entries()) {
      const bend = bendAt(point, index === 0);
      if (bend > most) [sharpest, most] = [{ progress: point.progress, spentMs: point.spentMs }, bend];
    }
    return sharpest;
  }

  /** Returns how many times as fast the bar was before `point` as after it, or, at a break, the reverse; 0 if unclear yet. */
  function bendAt(point: Milestone, isFirst: boolean): number {
    const since = reports - point.reportsBefore;
    const isEarly = point.spentMs <= last.spentMs / 3;
    const isTold = since >= (isEarly || point.isBreak ? REPORTS_TO_TELL : REPORTS_TO_TELL_LATE);
    if (!(isEarly || isFirst || point.isBreak) || !(isTold || (point.isBreak && since > 0))) return 0;
    const before = point.progress / Math.max(1, point.spentMs);
    const after = (last.progress - point.progress) / Math.max(1, last.spentMs - point.spentMs);
    const bend = before / Math.max(after, Number.MIN_VALUE);
    return point.isBreak && bend < 1 ? 1 / bend : bend;
  }

  return {
    report,
    get last() {
      return last;
    },
    get found() {
      return found;
    },
  };
}
