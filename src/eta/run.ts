import type { FinishedRun, Job, RunOutcome } from '../model/run.ts';
import { endedAtOf, type Task } from '../model/task.ts';
import { createForetelling } from './foretelling.ts';
import { type EarlierRuns, publisherFactor, usualDuration } from './history.ts';
import { jobKey, jobOf, taskKey } from './job.ts';
import { pastRuns, richerRuns } from './past-runs.ts';
import { createRecording } from './recording.ts';
import { createRunEstimates } from './run-estimates.ts';
import { delayOf, hasGrown, type ShownEstimate } from './shown-estimate.ts';
import { createStandingEstimate, leftOf, type Standing } from './standing.ts';
import { updatesOf } from './updates.ts';

/** One run of a task under observation: estimates while it goes on, and in the end what is to be learnt from it. */
export interface WatchedRun {
  readonly job: Job;
  /** What it takes of the memory, about. */
  readonly bytes: number;
  /** Takes in what the source says now (epoch ms). */
  observe(task: Task, atMs: number): void;
  /** Estimates with what is known of earlier runs from now on. */
  inform(earlier: EarlierRuns): void;
  readonly isInformed: boolean;
  /** Earlier runs of the same job are known. */
  readonly isExperienced: boolean;
  /** There may be more to know of earlier runs now. */
  askAgain(): void;
  shownEstimate(nowMs: number): ShownEstimate | null;
  /** What there is to learn; null if its start or end is not known. */
  finish(task: Task, outcome: RunOutcome, atMs: number): FinishedRun | null;
}

/** A longer run than this is a stamp that is wrong. */
const LONGEST_MS = 90 * 24 * 3_600_000;

/** What a run takes, what each of its steps takes, and each event of its recording. */
const [RUN_BYTES, STEP_BYTES, EVENT_BYTES] = [5_000, 1_500, 150];

export interface RunOptions {
  readonly kind: string;
  readonly startedAt: number;
  /** The start is known by a stamp, or was seen: else there is nothing to learn. */
  readonly isStartKnown: boolean;
  readonly task: Task;
  readonly eventsKept?: number;
}

export function createWatchedRun(options: RunOptions): WatchedRun {
  const { kind, startedAt } = options;
  const recording = createRecording(options.eventsKept);
  const foretelling = createForetelling();
  let job = jobOf(kind, options.task);
  let key = jobKey(job);
  let past = pastRuns(job, options.task);
  let known = knownOf(past);
  let isInformed = false;
  const estimates = createRunEstimates(job, known.runs);
  const standing = createStandingEstimate(estimates.at, estimates.isTooEarly);
  let before: Task | null = null;
  let lastT = 0;
  let latest = Number.POSITIVE_INFINITY;

  /** Earlier runs, or the steps, are others than we thought: what was said so far is told again. */
  function restart(): void {
    estimates.restart(job, known.runs, recording.events);
    latest = estimates.latestAt(lastT);
    standing.restart();
  }

  function take(task: Task, t: number): void {
    const events = updatesOf(before, task, { startedAt, fromMs: lastT, t });
    before = task;
    if (events.length === 0) return;
    lastT = t;
    for (const event of events) {
      recording.add(event);
      estimates.tell(event);
    }
    latest = estimates.latestAt(t);
    standing.renew();
    const estimate = foretelling.isDue(t) ? estimates.at(t) : null;
    if (estimate) foretelling.note(t, estimate);
  }

  return {
    get job() {
      return job;
    },
    get bytes() {
      return RUN_BYTES + job.steps.length * STEP_BYTES + recording.size * EVENT_BYTES;
    },
    get isInformed() {
      return isInformed;
    },
    get isExperienced() {
      return known.own > 0;
    },
    askAgain() {
      isInformed = false;
    },
    observe(task, atMs) {
      const now = jobOf(kind, task);
      const nowKey = jobKey(now);
      if (nowKey !== key) {
        [job, key, past, isInformed] = [now, nowKey, pastRuns(now, task), false];
        known = knownOf(past);
        restart();
      }
      take(task, Math.max(lastT, atMs - startedAt));
    },
    inform(watched) {
      known = knownOf(richerRuns(watched, past));
      isInformed = true;
      if (known.runs.length > 0) restart();
    },
    shownEstimate(nowMs) {
      const t = Math.max(0, nowMs - startedAt);
      const now = standing.at(t);
      if (!now) return null;
      return {
        ...leftOf(now, t),
        earlierRuns: known.own,
        usualMs: known.usualMs,
        publisherFactor: known.publisherFactor,
        isVague: now.isVague,
        lateAt: startedAt + latest,
        reviewAt: startedAt + now.reviewAt,
        delay: delayIn(now, known),
      };
    },
    finish(task, outcome, atMs) {
      const durationMs = (endedAtOf(task) ?? atMs) - startedAt;
      if (!options.isStartKnown || !isPlausible(durationMs)) return null;
      const t = Math.max(lastT, durationMs);
      for (const event of updatesOf(before, task, { startedAt, fromMs: lastT, t })) recording.add(event);
      const foretold = foretelling.by(durationMs / 2);
      return finishedRun(kind, task, { startedAt, durationMs, outcome, events: recording.events, foretold });
    },
  };
}

/** A run that was over when it was first seen, as far as its stamps tell of it; null if they don't. */
export function runFromStamps(kind: string, task: Task, outcome: RunOutcome): FinishedRun | null {
  const endedAt = endedAtOf(task);
  const { startedAt } = task;
  if (startedAt === null || endedAt === null || !isPlausible(endedAt - startedAt)) return null;
  const durationMs = endedAt - startedAt;
  const recording = createRecording();
  for (const event of updatesOf(null, task, { startedAt, fromMs: 0, t: durationMs })) recording.add(event);
  const { events } = recording;
  return finishedRun(kind, task, { startedAt, durationMs, outcome, events, foretold: null });
}

function isPlausible(durationMs: number): boolean {
  return durationMs > 0 && durationMs <= LONGEST_MS;
}

function finishedRun(kind: string, task: Task, run: Omit<FinishedRun, 'job' | 'task'>): FinishedRun {
  const job = jobOf(kind, task);
  const events = run.events
    .filter(({ step }) => step < job.steps.length)
    .map((event) => ({ ...event, t: Math.min(event.t, run.durationMs) }));
  return { ...run, job, task: taskKey(job, task.nativeId), events };
}

type Known = ReturnType<typeof knownOf>;

/** What earlier runs tell of the job; what others take is not what this one usually takes. */
function knownOf({ of, runs }: EarlierRuns) {
  const own = of === 'steps' ? [] : runs;
  return {
    runs,
    own: own.length,
    usualMs: usualDuration(own),
    publisherFactor: publisherFactor(own),
  };
}

/** More is left than there was, or it is on its way to take longer than it usually does. */
function delayIn({ isVague, hasGrown: grown, end, basis }: Standing, known: Known): ShownEstimate['delay'] {
  if (grown) return delayOf(basis, known.own);
  return !isVague && known.usualMs !== null && hasGrown(end, known.usualMs) ? 'than-usual' : null;
}
