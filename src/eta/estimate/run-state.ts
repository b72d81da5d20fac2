import type { ProgressUpdate } from '../estimator.ts';
import { type Bar, type BarPoint, createBar } from './bar.ts';

/** One step of a run. Its time is wall time, divided equally among the steps that run at the same time. */
export interface StepState {
  status: ProgressUpdate['status'];
  spentMs: number;
  /** The progress that was reported last, 0–1; null if none was. */
  progress: number | null;
  /** `spentMs` when `progress` was reported. */
  spentAtProgressMs: number;
  /** What was already done when the work of this run began. */
  found: BarPoint;
  /** When it ended, ms since the start of the run; null if it has not. */
  endedAtMs: number | null;
  reports: number;
}

/** What is known about a run at `nowMs`. */
export interface RunState {
  readonly steps: readonly StepState[];
  readonly hasMoved: boolean;
  readonly nowMs: number;
  readonly lastUpdateMs: number;
  /** How long no step has been running: this time counts for the step that starts next. */
  readonly idleMs: number;
  update(update: ProgressUpdate): void;
  /** Lets time pass up to `t`. Ignores a time that lies back, or is not a valid time. */
  advance(t: number): void;
}

/** A hundred years: anything longer is a mistake. */
export const LONGEST_MS = 100 * 365 * 24 * 3_600_000;

/** After `updates` updates, a gap `timesLongest` the longest so far was a pause if no more than usual was done in it. */
const PAUSE = { updates: 8, timesLongest: 20, timesUsualProgress: 2 };

export function createRunState(stepCount: number): RunState {
  const steps = Array.from({ length: stepCount }, newStep);
  const running = new Set<StepState>();
  const bars = new Map<StepState, Bar>();
  let updates = 0;
  let longestGapMs = 0;
  const state = { steps, hasMoved: false, nowMs: 0, lastUpdateMs: 0, idleMs: 0, update, advance };
  return state;

  function advance(t: number): void {
    if (!(t > state.nowMs) || t > LONGEST_MS) return;
    share(t - state.nowMs);
    state.nowMs = t;
  }

  function update({ t, step: index, status, progress }: ProgressUpdate): void {
    const step = steps[index];
    if (!step) return;
    advance(t);
    takeOutPause(step, progress);
    move(step, status);
    if (status === 'running' && progress !== undefined) report(step, progress);
    state.lastUpdateMs = state.nowMs;
    updates += 1;
  }

  function share(ms: number): void {
    if (running.size === 0) state.idleMs += ms;
    else for (const step of running) step.spentMs += ms / running.size;
  }

  /**
   * Takes out a pause in which the machine slept, or waited for something that happens only once. It was a pause if progress
   * then continues as if nothing had happened.
   */
  function takeOutPause(step: StepState, progress: number | undefined): void {
    const gapMs = state.nowMs - state.lastUpdateMs;
    const done = asShare(progress) - (step.progress ?? 0);
    const usual = (step.progress ?? 0) / Math.max(1, step.reports);
    const isPause =
      updates >= PAUSE.updates &&
      gapMs > PAUSE.timesLongest * longestGapMs &&
      done > 0 &&
      done <= PAUSE.timesUsualProgress * usual;
    if (isPause) share(longestGapMs - gapMs);
    else longestGapMs = Math.max(longestGapMs, gapMs);
  }

  function move(step: StepState, status: ProgressUpdate['status']): void {
    if (status === step.status) return;
    state.hasMoved ||= status !== 'pending';
    const starts = status === 'running';
    if (starts) {
      // A step that starts again starts from nothing.
      Object.assign(step, newStep());
      running.add(step);
    } else {
      running.delete(step);
      bars.delete(step);
    }
    if (status !== 'pending') {
      step.spentMs += state.idleMs;
      state.idleMs = 0;
    }
    step.status = status;
    step.endedAtMs = status === 'pending' || starts ? null : state.nowMs;
  }

  /** Takes a report of progress. 100 % of a step that is still running is a report like any other. */
  function report(step: StepState, progress: number): void {
    if (!Number.isFinite(progress)) return;
    const share = asShare(progress);
    if (share === step.progress) return;
    const bar = bars.get(step) ?? createBar();
    bars.set(step, bar);
    bar.report(share, step.spentMs);
    step.progress = share;
    step.spentAtProgressMs = step.spentMs;
    step.found = bar.found;
    if (share > 0) step.reports += 1;
  }
}

function newStep(): StepState {
  return {
    status: 'pending',
    spentMs: 0,
    progress: null,
    spentAtProgressMs: 0,
    found: { progress: 0, spentMs: 0 },
    endedAtMs: null,
    reports: 0,
  };
}

function asShare(progress: number | undefined): number {
  return progress === undefined || Number.isNaN(progress) ? 0 : Math.min(100, Math.max(0, progress)) / 100;
}
