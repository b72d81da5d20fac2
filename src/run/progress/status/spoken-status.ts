import type { Clock } from '../../../clock.ts';
import type { Found } from '../found.ts';
import type { Way } from '../tally.ts';
import { readBarReport } from './progress-bar.ts';
import { RUNS_ON, type Standing } from './standing.ts';
import { createStatusRecords } from './status-records.ts';
import { readStatusReport } from './status-report.ts';

/** What a program says of itself to its terminal. */
export interface SpokenStatus {
  /** Takes the payload of an OSC, and what has ended it. */
  take(payload: string, end: string): void;
  /** The terminal was reset. */
  reset(): void;
  /** The progress in the state that the program has spoken of. */
  readonly found: Found;
  readonly standing: Standing;
  /** Nothing is to be forgotten any more. */
  close(): void;
}

/** A bar without news is forgotten, as terminals do: the program may have been killed. */
const FORGOTTEN_AFTER_MS = 15_000;
const STATUS = '7501;';
const BAR = '9;';

export function createSpokenStatus(options: {
  readonly clock: Clock;
  tell(found: Found, way: Way): void;
  /** The program has spoken of its state: `found` says what it comes to. */
  onStatus(): void;
  /** Lesser ways may speak again, and what was shown is not known any more. */
  release(way: Way): void;
  /** A program wants to know whether it is understood: `reply` says that it is. */
  answer(reply: string): void;
  onStanding(): void;
}): SpokenStatus {
  const records = createStatusRecords();
  let barStanding = RUNS_ON;
  let hasStatus = false;
  let stopTimer = () => {};

  function takeStatus(payload: string, end: string): void {
    const report = readStatusReport(payload);
    if (!report) return;
    if (report.kind === 'query') return options.answer(`\u001b]${STATUS}?${end}`);
    hasStatus = true;
    stopTimer();
    records.take(report);
    options.onStatus();
  }

  /** Takes a report of the bar, which stands in for the richer protocol until that is spoken. */
  function takeBar(payload: string): void {
    const report = hasStatus ? null : readBarReport(payload);
    if (!report) return;
    stopTimer();
    barStanding = report.kind === 'shown' ? report.standing : RUNS_ON;
    if (report.kind === 'removed') options.tell({ kind: 'unknown' }, 'bar');
    else if (report.found) options.tell(report.found, 'bar');
    options.onStanding();
    stopTimer = options.clock.after(FORGOTTEN_AFTER_MS, forgetBar);
  }

  function forgetBar(): void {
    barStanding = RUNS_ON;
    options.release('bar');
    options.onStanding();
  }

  return {
    take(payload, end) {
      if (payload.startsWith(STATUS)) takeStatus(payload.slice(STATUS.length), end);
      else if (payload.startsWith(BAR)) takeBar(payload.slice(BAR.length));
    },
    reset() {
      if (!hasStatus) return;
      records.clear();
      options.onStatus();
    },
    get found() {
      return records.found;
    },
    get standing() {
      return hasStatus ? records.standing : barStanding;
    },
    close: () => stopTimer(),
  };
}
