import type { Clock } from '../../../clock.ts';
import type { Found } from '../found.ts';
import type { Way } from '../tally.ts';
import { readBarReport } from './progress-bar.ts';
import { RUNS_ON, type Standing } from './standing.ts';
import { createStatusRecords } from './status-records.ts';
import { readStatusReport } from './status-report.ts';

/** What a program reports about itself to its terminal. */
export interface SpokenStatus {
  /** Takes the payload of an OSC, and what ended it. */
  take(payload: string, end: string): void;
  /** The terminal was reset. */
  reset(): void;
  /** The progress in the status that the program has reported. */
  readonly found: Found;
  readonly standing: Standing;
  /** Stops: from then on, nothing is forgotten. */
  close(): void;
}

/** A bar without news is forgotten, as terminals do: the program may have been killed. */
const FORGOTTEN_AFTER_MS = 15_000;
const STATUS = '7501;';
const BAR = '9;';

export function createSpokenStatus(options: {
  readonly clock: Clock;
  tell(found: Found, way: Way): void;
  /** Called when the program has reported its status; `found` then has the progress. */
  onStatus(): void;
  /** Less reliable ways may report again, and what was shown no longer holds. */
  release(way: Way): void;
  /** A program asks whether it is understood; `reply` says that it is. */
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

  /** Takes a report of the bar, which counts until the program uses the richer protocol. */
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
