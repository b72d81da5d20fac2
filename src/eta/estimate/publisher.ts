import type { EarlierRun, ProgressUpdate } from '../estimator.ts';
import { PRIORS } from './priors.ts';
import { medianRest, type Remaining } from './remaining.ts';
import { LONGEST_MS } from './run-state.ts';

/** How accurate a publisher's own figures have been: of the logarithm of the actual ÷ the reported remaining time. */
export interface Publisher {
  readonly bias: number;
  readonly variance: number;
}

/** Learns from the runs in which the publisher reported a figure; each run counts once, however many there were. */
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

/** How many accurate runs are assumed in advance, so that one bad run does not discredit a publisher. */
const UNCHECKED_RUNS = 0.5;

/** The remaining time that the publisher last reported, corrected by how late it usually is; null if it never did. */
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

/** Combines two forecasts: the mean of their logarithms, weighted by their precision. */
export function combined(one: Remaining, other: Remaining): Remaining {
  const precision = 1 / one.variance + 1 / other.variance;
  const trust = 1 / one.variance / precision;
  const ms = Math.exp(trust * Math.log(one.ms + 1) + (1 - trust) * Math.log(other.ms + 1)) - 1;
  return { ms: Math.max(0, ms), variance: 1 / precision };
}

function isFigure(ms: number | undefined): ms is number {
  return ms !== undefined && ms >= 0 && ms <= LONGEST_MS;
}

/** Returns the logarithm of a ratio, with a second added to both sides: near the end, small errors must not count much. */
function secondsRatio(leftMs: number, saidMs: number): number {
  return Math.log((leftMs + 1_000) / (saidMs + 1_000));
}
