import type { EarlierRun, ProgressUpdate } from '../estimator.ts';
import { PRIORS } from './priors.ts';
import { medianRest, type Remaining } from './remaining.ts';
import { LONGEST_MS } from './run-state.ts';

/** How right a publisher's own figures have been: the logarithm of what was left ÷ what it said was left. */
export interface Publisher {
  readonly bias: number;
  readonly variance: number;
}

/** Learns from the runs in which the publisher said anything; each run counts once, however often it spoke. */
export function learnPublisher(history: readonly EarlierRun[]): Publisher {
  const errors = history.slice(-PRIORS.runs).flatMap(({ events, durationMs }) => {
    const spoken = events.flatMap(({ t, reportedMs }) =>
      isFigure(reportedMs) && isFigure(t) && isFigure(durationMs - t)
        ? [secondsRatio(durationMs - t, reportedMs)]
        : [],
    );
    return spoken.length === 0 ? [] : [spoken.reduce((sum, error) => sum + error, 0) / spoken.length];
  });
  const bias = errors.reduce((sum, error) => sum + error, 0) / (errors.length + UNCHECKED_RUNS);
  const squares = errors.reduce((sum, error) => sum + (error - bias) ** 2, 0);
  const prior = PRIORS.publisherVarianceRuns;
  return { bias, variance: (prior * PRIORS.publisherVariance + squares) / (prior + errors.length) };
}

/** Half a run of a publisher that is right: one bad day does not make a liar. */
const UNCHECKED_RUNS = 0.5;

/** What is left by the publisher's last word, put right by how late it usually is; null if it never spoke. */
export interface PublisherWord {
  hear(update: ProgressUpdate): void;
  remaining(t: number): Remaining | null;
}

export function createPublisherWord({ bias, variance }: Publisher): PublisherWord {
  let word: { at: number; ms: number } | null = null;
  return {
    hear({ t, reportedMs }) {
      if (isFigure(reportedMs) && isFigure(t)) word = { at: t, ms: reportedMs };
    },
    remaining(t) {
      if (!word) return null;
      return { ms: medianRest(word.ms * Math.exp(bias), Math.max(0, t - word.at), variance), variance };
    },
  };
}

/** Both forecasts in one, each weighed by its precision, as means of logarithms. */
export function combined(one: Remaining, other: Remaining): Remaining {
  const precision = 1 / one.variance + 1 / other.variance;
  const trust = 1 / one.variance / precision;
  const ms = Math.exp(trust * Math.log(one.ms + 1) + (1 - trust) * Math.log(other.ms + 1)) - 1;
  return { ms: Math.max(0, ms), variance: 1 / precision };
}

function isFigure(ms: number | undefined): ms is number {
  return ms !== undefined && ms >= 0 && ms <= LONGEST_MS;
}

/** A second more on both sides: near the end nobody is right to the millisecond. */
function secondsRatio(leftMs: number, saidMs: number): number {
  return Math.log((leftMs + 1_000) / (saidMs + 1_000));
}
