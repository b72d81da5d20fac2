import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import { createStateFileReporter } from './dashboard-state/reporter.ts';
import { createCombinedReporter, type Report, type Reporter, type WorkToReport } from './report.ts';
import { newRunFile } from './run-file.ts';
import { createWarner } from './warn.ts';

/** What a tracked function receives. */
export interface Tracking {
  /** Aborts when the work is to stop: by a watcher's cancel, or by the caller's own signal. */
  readonly signal: AbortSignal;
  /** Begins a step, by its name or index; the ones before it are completed. */
  step(nameOrIndex: string | number): void;
  /** Reports how far the current step is, 0–100. */
  progress(percent: number): void;
  /** Keeps a line beside the published state; `taskglass logs` shows all of them, and the view the last one. */
  log(line: string): void;
}

export interface TrackOptions {
  readonly signal?: AbortSignal;
  /**
   * Where to publish; by default, a file of its own where a plain `taskglass` of this user looks. These are not closed here.
   */
  readonly to?: readonly Reporter[];
  /** How long it is expected to take, ms. */
  readonly expectedMs?: number;
}

/**
 * Runs `work` as a task that can be watched and cancelled. Resolves and rejects as `work` does: a rejection after its
 * signal has aborted counts as cancelled, any other as failed. Publishing never fails the work.
 *
 *     await track('Nightly backup', ['dump', 'pack'], async ({ step, progress, signal }) => {
 *       step('dump');
 *       await dump({ signal, onPercent: progress });
 *       step('pack');
 *       await pack({ signal });
 *     });
 */
export async function track<T>(
  title: string,
  steps: readonly string[],
  work: (tracking: Tracking) => Promise<T>,
  options: TrackOptions = {},
): Promise<T> {
  const own = options.to ? [] : [createStateFileReporter({ file: await newRunFile(process.env, title) })];
  const names = steps.length > 0 ? steps : [title];
  const report = await startReport(options.to ?? own, {
    title,
    steps: names,
    ...(options.expectedMs === undefined ? {} : { expectedMs: options.expectedMs }),
  });
  const signal = AbortSignal.any([report.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const log = (line: string) => report.output?.(Buffer.from(`${line}\n`), 'log');
    const result = await work({ signal, log, ...createStepper(report, names) });
    await tell(() => report.complete());
    return result;
  } catch (error) {
    await tell(() => (signal.aborted ? report.cancel() : report.fail(errorMessage(error))));
    throw error;
  } finally {
    await Promise.all(own.map((reporter) => reporter.close()));
  }
}

/**
 * Starts a report. Work that cannot be published in one place (too much is running there) is still done, and published
 * elsewhere.
 */
function startReport(reporters: readonly Reporter[], work: WorkToReport): Promise<Report> {
  return createCombinedReporter(reporters.map(forgiving)).start(work);
}

/** Wraps a reporter: if it does not start the work, that is a warning, and nothing is published there. */
function forgiving(reporter: Reporter): Reporter {
  return {
    async start(work) {
      try {
        return await reporter.start(work);
      } catch (error) {
        warn(error);
        return createCombinedReporter([]).start(work);
      }
    },
    close: () => reporter.close(),
  };
}

/** Reports the end. The work has ended, even if that cannot be reported. */
async function tell(end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(plainName(errorMessage(error)), 'TaskglassWarning');
}

/**
 * Goes through the steps in order: beginning a step completes those before it. An unknown one is a warning, and changes
 * nothing.
 */
function createStepper(report: Report, steps: readonly string[]): Pick<Tracking, 'step' | 'progress'> {
  const complain = createWarner();
  let current = -1;
  const step = (nameOrIndex: string | number) => {
    const index = typeof nameOrIndex === 'number' ? nameOrIndex : steps.indexOf(nameOrIndex);
    if (steps[index] === undefined) return complain(noSuchStep(steps, nameOrIndex));
    for (let done = Math.max(0, current); done < index; done += 1) report.step(done, 'completed');
    current = index;
    report.step(index, 'running');
  };
  return {
    step,
    progress(percent) {
      if (current === -1) step(0);
      report.step(current, 'running', percent);
    },
  };
}

function noSuchStep(steps: readonly string[], wanted: string | number): Problem {
  const said = words`there is no step ${plainName(String(wanted))}`;
  return problem('missing', 'degraded', said, words`the steps are ${plainName(steps.join(', '))}`);
}
