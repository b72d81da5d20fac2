import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEstimator } from '../src/eta/create-estimator.ts';
import type { EarlierRun, ProgressUpdate } from '../src/eta/estimator.ts';
import { type Figure, percentile, short } from './figure.ts';

const RUNS = 50;
const STEPS = 30;
const REPORTS_A_STEP = 20;
const STEP_MS = 10_000;
const ROUNDS = 40;
const TASKS = 500;

/** Measures what an estimate costs if much is known: 50 runs of 30 steps, each with a bar. */
export async function measureEta(): Promise<Figure[]> {
  const steps = Array.from({ length: STEPS }, (_, step) => `step ${step}`);
  const history = Array.from({ length: RUNS }, (_, run) => runOf(steps, 1 + (run % 7) / 10));
  const { events } = runOf(steps, 1.1);
  const costs = { learn: [] as number[], update: [] as number[], estimate: [] as number[] };

  for (let round = 0; round < ROUNDS; round += 1) {
    let from = performance.now();
    const estimator = createEstimator({ steps, history: [...history] });
    costs.learn.push(performance.now() - from);
    for (const event of events) {
      from = performance.now();
      estimator.update(event);
      costs.update.push((performance.now() - from) * 1_000);
      from = performance.now();
      estimator.estimate(event.t + 1);
      costs.estimate.push((performance.now() - from) * 1_000);
    }
  }

  return [
    figure('eta: an update, p95', percentile(costs.update, 95), 50, ' µs'),
    figure('eta: an estimate, p95', percentile(costs.estimate, 95), 200, ' µs'),
    figure(`eta: learning from ${RUNS} runs, p95`, percentile(costs.learn, 95), 100, ' ms'),
    figure(`eta: memory a task of ${TASKS}, halfway`, memoryOfTasks(steps, history, events), 8, ' KB'),
  ];
}

function figure(what: string, value: number, bound: number, unit: string): Figure {
  return { what, measured: `${short(value)}${unit}`, value, bound, unit };
}

/** Returns the KB of heap for each of many tasks of one job. */
function memoryOfTasks(
  steps: readonly string[],
  history: readonly EarlierRun[],
  events: readonly ProgressUpdate[],
): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const before = process.memoryUsage();
  const estimators = Array.from({ length: TASKS }, () => {
    const estimator = createEstimator({ steps, history });
    for (const event of events.slice(0, events.length / 2)) estimator.update(event);
    return estimator;
  });
  collect();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return bytes / estimators.length / 1024;
}

function runOf(steps: readonly string[], pace: number): EarlierRun {
  const events = steps.flatMap((_, step): ProgressUpdate[] => {
    const at = (share: number) => (step + share) * STEP_MS * pace;
    const bar = Array.from({ length: REPORTS_A_STEP }, (_, report): ProgressUpdate => {
      const share = (report + 1) / (REPORTS_A_STEP + 1);
      return { t: at(share), step, status: 'running', progress: 100 * share };
    });
    return [{ t: at(0), step, status: 'running' }, ...bar, { t: at(1), step, status: 'completed' }];
  });
  return { steps: [...steps], events, durationMs: steps.length * STEP_MS * pace };
}
