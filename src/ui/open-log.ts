import type { TaskId } from '../model/id.ts';
import type { LogLine } from '../model/log.ts';
import { plainLine } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import type { HeldLine, HeldLog } from '../present/log.ts';

/** The log of a task while it is shown. */
export interface OpenLog {
  readonly id: TaskId;
  readonly held: HeldLog;
  close(): void;
}

/** How many lines of a long log are read, and how many are kept as it grows. */
export const LINES_READ = 5_000;
const MOST_LINES = 10_000;
/** On a screen, nobody reads more of a line. */
const LONGEST_LINE = 2_000;

/**
 * Reads the last `tail` lines of a log, and follows it until it is closed or its task has ended; calls `onNews` at each
 * change.
 */
export function openLog(monitor: Monitor, id: TaskId, onNews: () => void, tail: number): OpenLog {
  const closing = new AbortController();
  let held: HeldLog = { lines: [], first: 0, isOpen: true, problem: null };
  void read();

  async function read(): Promise<void> {
    const opened = await monitor.log(id, { signal: closing.signal, tail, follow: true });
    if (opened.kind === 'none') held = { ...held, problem: opened.problem.message };
    else for await (const lines of opened.lines) add(lines);
    held = { ...held, isOpen: false };
    if (!closing.signal.aborted) onNews();
  }

  function add(lines: readonly LogLine[]): void {
    const all = [...held.lines, ...lines.map(heldLine)];
    const gone = Math.max(0, all.length - MOST_LINES);
    held = { ...held, lines: all.slice(gone), first: held.first + gone };
    if (!closing.signal.aborted) onNews();
  }

  return {
    id,
    get held() {
      return held;
    },
    close: () => closing.abort(),
  };
}

function heldLine({ at, stream, text }: LogLine): HeldLine {
  return { at, stream, text: plainLine(text).slice(0, LONGEST_LINE).toWellFormed() };
}
