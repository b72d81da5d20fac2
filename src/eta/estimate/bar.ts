import { PRIORS } from './priors.ts';

/** Where a bar stood (0–1) when its step had taken so long. */
export interface BarPoint {
  readonly progress: number;
  readonly spentMs: number;
}

/** The bar of one running step: where it stands, and how much of that is no work of this run. */
export interface Bar {
  report(progress: number, spentMs: number): void;
  readonly last: BarPoint;
  /**
   * Where the work of this run begins: what was there before (a checkpoint, a cache, an earlier phase) tells nothing
   * of its pace.
   */
  readonly found: BarPoint;
}

const NOTHING: BarPoint = { progress: 0, spentMs: 0 };

/** Reports until which a jump is taken for what was found, if they do not go on as it began. */
const REPORTS_TO_TELL = 2;
/** The same for a jump that took more than a third of the time so far. */
const REPORTS_TO_TELL_LATE = 5;
/** A point of the way is kept when the time has grown by this factor. */
const KEPT_EVERY = 1.25;

/** A point of the way, and how many reports came after it. */
interface Milestone extends BarPoint {
  readonly reportsBefore: number;
  /** After a jump at the beginning, or a fall: what is after it may have another pace than what is before. */
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

  /** The first that is said, when hardly any time has gone. */
  function isJump(progress: number, spentMs: number): boolean {
    return last.progress === 0 && progress >= PRIORS.leastJump && spentMs <= PRIORS.firstMomentsMs;
  }

  /** The total has grown: what was done is as much as before, and a smaller part of it. */
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

  /** The point with the sharpest bend, if there is one that no steady pace would have. */
  function whereWorkBegan(): BarPoint {
    let sharpest: BarPoint = NOTHING;
    let most: number = PRIORS.sharpBend;
    for (const [index, point] of milestones.entries()) {
      const bend = bendAt(point, index === 0);
      if (bend > most) [sharpest, most] = [{ progress: point.progress, spentMs: point.spentMs }, bend];
    }
    return sharpest;
  }

  /** How many times as fast the bar was before `point` as after it; after a fall, also the other way round. */
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
