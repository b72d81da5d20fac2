import type { Clock } from '../clock.ts';
import { createThrottle } from '../io/throttle.ts';
import type { Report } from '../publish/report.ts';
import type { FoundProgress } from './find-progress.ts';

/** More steps than this are a count, not steps that anyone reads. */
const MOST_STEPS = 100;
/** Nobody reads progress faster; a command that prints 100,000 lines must not make 100,000 reports. */
const REPORT_EVERY_MS = 200;

/** Takes progress as it is found; reports the newest at most five times a second. */
export interface ProgressThrottle {
  tell(found: FoundProgress): void;
  /** Reports what has not been reported yet. */
  flush(): void;
}

export function createProgressThrottle(report: Report, title: string, clock: Clock): ProgressThrottle {
  const tellNow = createReporting(report, title);
  const throttle = createThrottle(clock, REPORT_EVERY_MS, tellNewest);
  let newest: FoundProgress | null = null;

  function tellNewest(): void {
    const found = newest;
    newest = null;
    if (found) tellNow(found);
  }

  return {
    tell(found) {
      newest = found;
      throttle.request();
    },
    flush() {
      throttle.said();
      tellNewest();
    },
  };
}

/**
 * Turns found progress into reports: counts and percentages for the current step, steps as they begin. Where nothing is
 * found there is no step either, and so no bar; the first figure makes one of the whole command.
 */
function createReporting(report: Report, title: string): (found: FoundProgress) => void {
  let names: string[] = [];
  let current = 0;

  function tellFigure(percent: number): void {
    if (names.length === 0) {
      names = [title];
      report.setSteps(names);
    }
    report.step(current, 'running', percent);
  }

  function begin(number: number, total: number, name: string): void {
    const known =
      names.length === total ? names : Array.from({ length: total }, (_, index) => `step ${index + 1}`);
    names = known.with(number - 1, name || (known[number - 1] ?? ''));
    report.setSteps(names);
    for (let done = current; done < number - 1; done += 1) report.step(done, 'completed');
    current = number - 1;
    report.step(current, 'running');
  }

  return (found) => {
    switch (found.kind) {
      case 'percent':
        return tellFigure(found.percent);
      case 'count':
        return tellFigure((found.done / found.total) * 100);
      case 'step':
        if (found.total > MOST_STEPS) return tellFigure(((found.number - 1) / found.total) * 100);
        return begin(found.number, found.total, found.name);
      default:
        found satisfies never;
    }
  };
}
