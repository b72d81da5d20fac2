import type { FinishedRun, Job, RunEvent, RunOutcome } from '../model/run.ts';
import { endedAtOf, type Task } from '../model/task.ts';
import { createEstimator } from './create-estimator.ts';
import type { Estimate } from './estimator.ts';
import { createForetelling } from './foretelling.ts';
import { type EarlierRuns, publisherFactor, usualDuration } from './history.ts';
import { jobKey, jobOf, taskKey } from './job.ts';
import { delayOf, hasGrown, isVague, type Outlook } from './outlook.ts';
import { pastRuns, richerRuns } from './past-runs.ts';
import { createRecording } from './recording.ts';
import { updatesOf } from './updates.ts';

/** One run of a task under observation: estimates while it goes on, and in the end what is to be learnt from it. */
export interface WatchedRun {
  readonly job: Job;
  /** Takes in what the source says now (epoch ms). */
  observe(task: Task, atMs: number): void;
  /** Estimates with what is known of earlier runs from now on. */
  inform(earlier: EarlierRuns): void;
  readonly isInformed: boolean;
  outlook(nowMs: number): Outlook | null;
  /** What there is to learn; null where start or end are not known. */
  finish(task: Task, outcome: RunOutcome, atMs: number): FinishedRun | null;
}

/** A longer run than this is a stamp that is wrong. */
const LONGEST_MS = 90 * 24 * 3_600_000;

/** In its first seconds, a first run has nothing to tell of its end. */
const FIRST_WORD_MS = 5_000;
/** An end that is this near is looked at again: if it does not come, that is news too. */
const NEAR_MS = 5_000;
/** But not more often than this, and than a share of the time so far. */
const REVIEW_MS = 5_000;
const REVIEW_SHARE = 0.1;

/** An estimate that stands still while time passes: moments in ms since the start. */
interface Shown {
  readonly end: number;
  readonly earliest: number;
  readonly latest: number;
  readonly basis: Estimate['basis'];
  readonly review: number;
  readonly isVague: boolean;
  readonly delay: Outlook['delay'];
}

export function createWatchedRun(options: {
  readonly kind: string;
  readonly startedAt: number;
  /** Whether the start is known by a stamp, or was seen: else there is nothing to learn. */
  readonly isStartKnown: boolean;
  readonly task: Task;
  readonly eventsKept?: number;
}): WatchedRun {
  const { kind, startedAt } = options;
  const recording = createRecording(options.eventsKept);
  const foretelling = createForetelling();
  let job = jobOf(kind, options.task);
  let key = jobKey(job);
  const past = pastRuns(job, options.task);
  let earlier: EarlierRuns | null = null;
  let ownRuns = past.runs.length;
  let usualMs = usualDuration(past.runs);
  let factor: number | null = null;
  let estimator = newEstimator();
  let before: Task | null = null;
  let lastT = 0;
  let latest = Number.POSITIVE_INFINITY;
  let shown: Shown | null = null;
  /** The last figure that was shown, if it was one. */
  let lastShown: Shown | null = null;
  let leastMs = Number.POSITIVE_INFINITY;

  function newEstimator() {
    return createEstimator({ steps: job.steps, job: key, history: (earlier ?? past).runs });
  }

  /** What the estimator was told so far is told again to a new one. */
  function rebuild(): void {
    estimator = newEstimator();
    for (const event of recording.events) if (event.step < job.steps.length) estimator.update(event);
    latest = latestAt(lastT);
    shown = null;
  }

  function take(task: Task, t: number): void {
    const events = updatesOf(before, task, { startedAt, fromMs: lastT, t });
    before = task;
    if (events.length === 0) return;
    lastT = t;
    for (const event of events) tell(event);
    latest = latestAt(t);
    shown = null;
    if (!foretelling.isDue(t)) return;
    const estimate = estimator.estimate(t);
    if (estimate) foretelling.note(t, estimate);
  }

  function tell(event: RunEvent): void {
    recording.add(event);
    estimator.update(event);
  }

  /** The end of the band as of `t`: until the next news, passing it means being late. */
  function latestAt(t: number): number {
    const estimate = estimator.estimate(t);
    return estimate && !isVagueAt(t, estimate) ? t + estimate.highMs : Number.POSITIVE_INFINITY;
  }

  function isVagueAt(t: number, estimate: Estimate): boolean {
    const isKnown = estimate.basis === 'reported' || (earlier?.runs.length ?? 0) > 0;
    return isVague(estimate) || (!isKnown && t < FIRST_WORD_MS);
  }

  /** What is shown from now on, until there is news or the end comes near. */
  function look(t: number): Shown | null {
    const estimate = estimator.estimate(t);
    if (!estimate) return null;
    const { remainingMs, lowMs, highMs, basis } = estimate;
    const end = t + remainingMs;
    const review = Math.max(end - NEAR_MS, t + Math.max(REVIEW_MS, t * REVIEW_SHARE));
    const vague = isVagueAt(t, estimate);
    const delay = delayAt(t, estimate, vague);
    return { end, earliest: t + lowMs, latest: t + highMs, basis, review, isVague: vague, delay };
  }

  /** More is left than was once shown: that must not go without a reason. */
  function delayAt(t: number, estimate: Estimate, vague: boolean): Outlook['delay'] {
    if (lastShown) leastMs = Math.min(leastMs, Math.max(0, lastShown.end - t));
    if (vague) return null;
    leastMs = Math.min(leastMs, estimate.remainingMs);
    return hasGrown(estimate.remainingMs, leastMs) ? delayOf(estimate, ownRuns) : null;
  }

  return {
    get job() {
      return job;
    },
    get isInformed() {
      return earlier !== null;
    },
    observe(task, atMs) {
      const now = jobOf(kind, task);
      const nowKey = jobKey(now);
      if (nowKey !== key) {
        [job, key, earlier] = [now, nowKey, null];
        rebuild();
      }
      take(task, Math.max(lastT, atMs - startedAt));
    },
    inform(watched) {
      const found = richerRuns(watched, past);
      earlier = found;
      const own = found.of === 'steps' ? [] : found.runs; // what others take is not what this one usually takes
      ownRuns = own.length;
      usualMs = usualDuration(own);
      factor = publisherFactor(own);
      if (found.runs.length > 0) rebuild();
      leastMs = Number.POSITIVE_INFINITY;
      lastShown = null;
    },
    outlook(nowMs) {
      const t = Math.max(0, nowMs - startedAt);
      if (!shown || t >= shown.review) shown = look(t);
      if (!shown) return null;
      lastShown = shown.isVague ? null : shown;
      return {
        ...left(shown, t),
        earlierRuns: ownRuns,
        usualMs,
        lateAt: startedAt + latest,
        isVague: shown.isVague,
        reviewAt: startedAt + shown.review,
        delay: shown.delay,
        publisherFactor: factor,
      };
    },
    finish(task, outcome, atMs) {
      const durationMs = (endedAtOf(task) ?? atMs) - startedAt;
      if (!options.isStartKnown || !(durationMs > 0 && durationMs <= LONGEST_MS)) return null;
      const t = Math.max(lastT, durationMs);
      for (const event of updatesOf(before, task, { startedAt, fromMs: lastT, t })) recording.add(event);
      const ofRun = jobOf(kind, task);
      return {
        job: ofRun,
        task: taskKey(ofRun, task.nativeId),
        startedAt,
        durationMs,
        outcome,
        events: recording.events
          .filter(({ step }) => step < ofRun.steps.length)
          .map((event) => ({ ...event, t: Math.min(event.t, durationMs) })),
        foretold: foretelling.by(durationMs / 2),
      };
    },
  };
}

function left({ end, earliest, latest, basis }: Shown, t: number): Estimate {
  return {
    remainingMs: Math.max(0, end - t),
    lowMs: Math.max(0, earliest - t),
    highMs: Math.max(0, latest - t),
    basis,
  };
}

/** A run that was over when it was first seen, as far as its stamps tell of it; null where they don't. */
export function runFromStamps(kind: string, task: Task, outcome: RunOutcome): FinishedRun | null {
  const endedAt = endedAtOf(task);
  if (task.startedAt === null || endedAt === null) return null;
  const run = createWatchedRun({ kind, startedAt: task.startedAt, isStartKnown: true, task });
  return run.finish(task, outcome, endedAt);
}
