import type { FinishedRun, Job, RunOutcome } from '../model/run.ts';
import { endedAtOf, type Task } from '../model/task.ts';
import { createForetelling } from './foretelling.ts';
import { type EarlierRuns, publisherFactor, usualDuration } from './history.ts';
import { isNamedAlike, jobKey, jobOf, taskKey } from './job.ts';
import { pastRuns, richerRuns } from './past-runs.ts';
import { createRecording } from './recording.ts';
import { createRunEstimates } from './run-estimates.ts';
import { delayOf, hasGrown, type ShownEstimate } from './shown-estimate.ts';
import { createStandingEstimate, leftOf, type Standing } from './standing.ts';
import { updatesOf } from './updates.ts';

/** A run of a task that is being watched: gives estimates while it lasts, and in the end what is to be learnt from it. */
export interface WatchedRun {
  readonly job: Job;
  /** About how much memory it takes. */
  readonly bytes: number;
  /** Takes a report of the task (`atMs` is epoch ms). */
  observe(task: Task, atMs: number): void;
  /** Uses these earlier runs from now on. */
  inform(earlier: EarlierRuns): void;
  readonly isInformed: boolean;
  /** Whether earlier runs of the same job are known. */
  readonly isExperienced: boolean;
  /** Makes `isInformed` false, because more earlier runs may be known now. */
  askAgain(): void;
  shownEstimate(nowMs: number): ShownEstimate | null;
  /** Returns the finished run, to be learnt from; null if its start or end is not known. */
  finish(task: Task, outcome: RunOutcome, atMs: number): FinishedRun | null;
}

/** If a run seems longer than this, a timestamp is wrong. */
const LONGEST_MS = 90 * 24 * 3_600_000;

/** The memory that a run takes, and in addition each of its steps, and each event of its recording. */
const [RUN_BYTES, STEP_BYTES, EVENT_BYTES] = [5_000, 1_500, 150];

export interface RunOptions {
  readonly kind: string;
  readonly startedAt: number;
  /** Whether the start is known from a timestamp, or was observed. If not, nothing can be learnt from the run. */
  readonly isStartKnown: boolean;
  readonly task: Task;
  /** Returns how long it had waited for a person by a moment (epoch ms), ms, which is not part of its own time. */
  readonly waitedAt?: (ms: number) => number;
  readonly eventsKept?: number;
}

export function createWatchedRun(options: RunOptions): WatchedRun {
  const { kind, startedAt, waitedAt = () => 0 } = options;
  const workedAt = (ms: number) => Math.max(0, ms - startedAt - waitedAt(ms));
  const recording = createRecording(options.eventsKept);
  const foretelling = createForetelling();
  let named = options.task;
  let job = jobOf(kind, named);
  let key = jobKey(job);
  let past = pastRuns(job, named);
  let known = knownOf(past);
  let isInformed = false;
  const estimates = createRunEstimates(job, known.runs);
  const standing = createStandingEstimate(estimates.at, estimates.isTooEarly);
  let before: Task | null = null;
  let lastT = 0;
  let latest = Number.POSITIVE_INFINITY;

  /** Starts again with the events so far, because the earlier runs or the steps have changed. */
  function restart(): void {
    estimates.restart(job, known.runs, recording.events);
    latest = estimates.latestAt(lastT);
    standing.restart();
  }

  /** Takes a new name or new steps, by which it may be another job. */
  function rename(task: Task): void {
    named = task;
    const now = jobOf(kind, task);
    const nowKey = jobKey(now);
    if (nowKey === key) return;
    [job, key, past, isInformed] = [now, nowKey, pastRuns(now, task), false];
    known = knownOf(past);
    restart();
  }

  const updates = (task: Task, t: number, atMs: number) =>
    updatesOf(before, task, { startedAt, fromMs: lastT, t, atMs, waitedAt });

  function take(task: Task, t: number, atMs: number): void {
    const events = updates(task, t, atMs);
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
      if (!isNamedAlike(named, task)) rename(task);
      take(task, Math.max(lastT, workedAt(atMs)), Math.max(atMs, startedAt));
    },
    inform(watched) {
      known = knownOf(richerRuns(watched, past));
      isInformed = true;
      if (known.runs.length > 0) restart();
    },
    shownEstimate(nowMs) {
      const t = workedAt(nowMs);
      const now = standing.at(t);
      return now && shown(now, known, { t, latest, begunAt: startedAt + waitedAt(nowMs) });
    },
    finish(task, outcome, atMs) {
      const endedAt = endedAtOf(task) ?? atMs;
      const durationMs = endedAt - startedAt - waitedAt(endedAt);
      if (!options.isStartKnown || !isPlausible(durationMs)) return null;
      const t = Math.max(lastT, durationMs);
      for (const event of updates(task, t, endedAt)) recording.add(event);
      const foretold = foretelling.by(durationMs / 2);
      return finishedRun(kind, task, { startedAt, durationMs, outcome, events: recording.events, foretold });
    },
  };
}

/** Returns the estimate as shown at `t`. `begunAt` is when the run would have begun had it never waited for a person. */
function shown(
  now: Standing,
  known: ReturnType<typeof knownOf>,
  { t, latest, begunAt }: { readonly t: number; readonly latest: number; readonly begunAt: number },
): ShownEstimate {
  return {
    ...leftOf(now, t),
    earlierRuns: known.own,
    usualMs: known.usualMs,
    publisherFactor: known.publisherFactor,
    isVague: now.isVague,
    lateAt: begunAt + latest,
    reviewAt: begunAt + now.reviewAt,
    delay: delayIn(now, known),
  };
}

/** Returns a run that had ended when it was first seen, as its timestamps describe it; null if they do not suffice. */
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

/** Summarises earlier runs. Those of other jobs do not count for how long this one usually takes. */
function knownOf({ of, runs }: EarlierRuns) {
  const own = of === 'steps' ? [] : runs;
  return {
    runs,
    own: own.length,
    usualMs: usualDuration(own),
    publisherFactor: publisherFactor(own),
  };
}

/** Returns why more time is left than before, or that the run takes longer than usual; null if neither is the case. */
function delayIn({ isVague, hasGrown: grown, end, basis }: Standing, known: Known): ShownEstimate['delay'] {
  if (grown) return delayOf(basis, known.own);
  return !isVague && known.usualMs !== null && hasGrown(end, known.usualMs) ? 'than-usual' : null;
}
