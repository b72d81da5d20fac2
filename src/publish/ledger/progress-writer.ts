import type { Clock } from '../../clock.ts';
import type { TaskChange } from '../../ledger/options.ts';

type StepWord = 'running' | 'completed' | 'failed';

/** Records progress sparingly, because each change is a line of the history forever. */
export interface ProgressWriter {
  /** Sets how many steps the work turned out to have. */
  setCount(count: number): void;
  tell(index: number, status: StepWord, progress?: number): void;
  /** Writes what has not been written yet. */
  flush(): Promise<void>;
}

const WRITE_EVERY_MS = 1_000;

/**
 * Creates a writer of progress. `steps` is how many the task has: if as many are found, each is written by itself; otherwise
 * only the whole is, in whole percents.
 */
export function createProgressWriter(options: {
  readonly steps: number;
  readonly clock: Clock;
  readonly write: (change: TaskChange) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): ProgressWriter {
  const { steps, clock, write, onError } = options;
  const untold = new Map<number, TaskChange>();
  let count = 1;
  let shares: (number | undefined)[] = [];
  let written: number | null = null;
  let stopTimer: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();

  function changes(): TaskChange[] {
    const ofSteps = [...untold.values()];
    untold.clear();
    if (steps > 0) return count === steps ? ofSteps : [];
    const known = shares.filter((share) => share !== undefined);
    const whole = Math.floor(known.reduce((sum, share) => sum + share, 0) / count);
    if (known.length === 0 || whole === written) return [];
    written = whole;
    return [{ progress: whole }];
  }

  function writeNow(): Promise<void> {
    const news = changes();
    for (const change of news) last = last.then(() => write(change)).catch(onError);
    return last;
  }

  return {
    setCount(next) {
      count = Math.max(1, next);
      shares = shares.slice(0, count);
    },
    tell(index, status, progress) {
      if (index >= count) return;
      shares[index] = status === 'completed' ? 100 : (progress ?? shares[index]);
      untold.set(index, { step: { index, status, ...(progress === undefined ? {} : { progress }) } });
      stopTimer ??= clock.after(WRITE_EVERY_MS, () => {
        stopTimer = null;
        void writeNow();
      });
    },
    flush() {
      stopTimer?.();
      stopTimer = null;
      return writeNow();
    },
  };
}
