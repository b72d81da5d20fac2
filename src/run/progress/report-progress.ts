import type { Clock } from '../../clock.ts';
import { createThrottle } from '../../io/throttle.ts';
import type { Report } from '../../publish/report.ts';
import type { OutputStream } from '../child.ts';
import type { ProgressStep } from './progress.ts';
import type { ProgressReader } from './progress-reader.ts';
import { RUNS_ON, type Standing } from './status/standing.ts';

/** Nobody reads progress faster than this; a command that prints 100,000 lines must not cause 100,000 reports. */
const REPORT_EVERY_MS = 200;
/** An unfinished line counts as it stands after this time: it may be a bar without a line end, or a prompt. */
const SETTLED_AFTER_MS = 100;

/** While output keeps coming, a line that stood for this long is read from time to time. */
const MOMENT_MS = 10;
const NOISY_MS = 1_000;

/** Reads a command's output for progress, and reports the newest at most five times a second. */
export interface ProgressReport {
  read(piece: Buffer, stream: OutputStream): void;
  /** The command has ended: reports what has not been reported yet. */
  end(): void;
}

export function createProgressReport(options: {
  readonly report: Report;
  /** The name of the task's only step. */
  readonly title: string;
  readonly clock: Clock;
  readonly createReader: (onProgress: () => void) => ProgressReader;
}): ProgressReport {
  const { report, title, clock } = options;
  const tell = createTelling(report, title);
  const tellStanding = createTellingStanding(report);
  const throttle = createThrottle(clock, REPORT_EVERY_MS, tellNow);
  const reader = options.createReader(() => throttle.request());
  const quiet = createQuietWatch(clock, SETTLED_AFTER_MS, () => reader.settle());

  function tellNow(): void {
    tell(reader.progress.steps);
    tellStanding(reader.standing);
  }

  return {
    read(piece, stream) {
      if (quiet.isDue()) reader.settle();
      reader.read(piece, stream);
      quiet.noise();
    },
    end() {
      quiet.stop();
      reader.end();
      if (throttle.isWaiting) tellNow();
      throttle.cancel();
    },
  };
}

/** Calls `then` once nothing has arrived for a while. One timer serves thousands of pieces. */
function createQuietWatch(clock: Clock, quietMs: number, then: () => void) {
  let heardAt = 0;
  let toldAt = 0;
  let stopTimer: (() => void) | null = null;

  function look(): void {
    const leftMs = heardAt + quietMs - clock.monotonic();
    stopTimer = leftMs > 0 ? clock.after(leftMs, look) : null;
    if (stopTimer) return;
    toldAt = clock.monotonic();
    then();
  }

  return {
    /** It has not been quiet for long, but what is there has stood for a moment. */
    isDue() {
      const now = clock.monotonic();
      if (now - heardAt < MOMENT_MS || now - toldAt < NOISY_MS) return false;
      toldAt = now;
      return true;
    },
    noise() {
      heardAt = clock.monotonic();
      stopTimer ??= clock.after(quietMs, look);
    },
    stop() {
      stopTimer?.();
      stopTimer = null;
    },
  };
}

/** Reports how the steps differ from what was last reported. */
function createTelling(report: Report, title: string): (steps: readonly ProgressStep[]) => void {
  let names: readonly string[] = [];
  let told: readonly ProgressStep[] = [];

  return (steps) => {
    const nextNames = steps.map(({ name }) => name ?? title);
    if (nextNames.length !== names.length || nextNames.some((name, index) => name !== names[index])) {
      report.setSteps(
        nextNames,
        steps.map(({ weight = 1 }) => weight),
      );
      told = told.filter((_, index) => names[index] === nextNames[index]);
      names = nextNames;
    }
    // The step that is reported last is the current one.
    for (const isRunning of [false, true]) {
      for (const [index, step] of steps.entries()) {
        if ((step.status === 'running') === isRunning) tellStep(index, step, told[index]);
      }
    }
    told = steps;
  };

  function tellStep(
    index: number,
    { status, percent }: ProgressStep,
    before: ProgressStep | undefined,
  ): void {
    if (status === 'pending' || (before?.status === status && before.percent === percent)) return;
    if (percent === null) report.step(index, status);
    else report.step(index, status, percent);
  }
}

/** Reports what a program says that it waits for, each time that this changes. */
function createTellingStanding(report: Report): (standing: Standing) => void {
  let told = RUNS_ON;
  return ({ question, idle }) => {
    const news = {
      ...(question === told.question ? {} : { question }),
      ...(idle === told.idle ? {} : { idle }),
    };
    told = { question, idle };
    if (Object.keys(news).length > 0) report.tell(news);
  };
}
