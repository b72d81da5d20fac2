import { checkAgainIn, WAIT_FOR_S } from '../../../eta/check-again.ts';
import { createStandingEstimate, leftOf } from '../../../eta/standing.ts';
import { type NewEstimator, ofEachJob } from './score.ts';
import type { Trace } from './trace.ts';

/** What it costs an agent to learn of a run's end by `wait_for`; means over jobs, NaN if there are none. */
export interface WaitScore {
  readonly jobs: number;
  readonly runs: number;
  /** How many calls it made until the end. */
  readonly calls: number;
  /** How long after the end it found out: in seconds, and as a share of the run's duration. */
  readonly lateS: number;
  readonly late: number;
}

/** When an agent first calls: as soon as the run has begun, or at the time recommended by whatever started it. */
export type FirstCall = 'at once' | 'when told';

const WAIT_FOR_MS = WAIT_FOR_S * 1000;

/** Simulates an agent that waits for each run that has at least `earlier` earlier ones, with those as history. */
export function scoreWaits(
  traces: readonly Trace[],
  newEstimator: NewEstimator,
  { earlier, first }: { readonly earlier: number; readonly first: FirstCall },
): WaitScore {
  const jobs: (readonly Wait[])[] = [];
  for (const [, runs] of ofEachJob(traces)) {
    const waits = runs.flatMap((trace, index) =>
      index < earlier ? [] : [waitFor(trace, newEstimator, runs.slice(0, index), first)],
    );
    if (waits.length > 0) jobs.push(waits);
  }
  const over = (figure: (wait: Wait) => number) => mean(jobs.map((waits) => mean(waits.map(figure))));
  return {
    jobs: jobs.length,
    runs: jobs.flat().length,
    calls: over(({ calls }) => calls),
    lateS: over(({ lateMs }) => lateMs / 1000),
    late: over(({ lateMs, durationMs }) => lateMs / durationMs),
  };
}

interface Wait {
  readonly calls: number;
  readonly lateMs: number;
  readonly durationMs: number;
}

function waitFor(
  { steps, job, events, durationMs }: Trace,
  newEstimator: NewEstimator,
  history: readonly Trace[],
  first: FirstCall,
): Wait {
  const estimator = newEstimator({ steps, job, history });
  const standing = createStandingEstimate(
    (t) => estimator.estimate(t),
    () => false,
  );
  let next = 0;
  const checkAgainMs = (t: number) => {
    for (let event = events[next]; event && event.t <= t; event = events[next]) {
      estimator.update(event);
      standing.renew();
      next += 1;
    }
    const now = standing.at(t);
    return 1000 * checkAgainIn(now && leftOf(now, t));
  };
  let t = first === 'at once' ? 0 : checkAgainMs(0);
  for (let calls = 1; ; calls += 1) {
    if (durationMs <= t + WAIT_FOR_MS) return { calls, lateMs: Math.max(0, t - durationMs), durationMs };
    t += WAIT_FOR_MS;
    t += checkAgainMs(t);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
