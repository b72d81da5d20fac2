import type { PlainText } from '../model/text.ts';
import { allDoneText } from '../present/all-done.ts';
import type { Overview } from '../present/header.ts';
import { NEVER, type TimedText } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { Sections } from '../store/sections.ts';
import { selectCounts } from '../store/select.ts';
import { stallsAt } from '../store/stall.ts';
import type { State, TaskEntry } from '../store/state.ts';

/** With so many tasks, or so many running at once, the end of all is looked up no more often than this. */
const MANY_TASKS = 2_000;
const MANY_RUNNING = 200;
const PAUSE_MS = 5_000;

/** Sums up all tasks for the header; what costs time is done again only when it has to be. */
export function createOverview(
  host: PlainText,
): (state: State, sections: Sections, context: RenderContext) => Overview & { until: number } {
  let counted: Counted | null = null;
  let done: { state: State; atMs: number; text: TimedText } | null = null;
  let stalls: { state: State; atMs: number; count: number; until: number } | null = null;

  return (state, { kept, unseen }, context) => {
    const { nowMs } = context;
    if (counted?.kept !== kept) counted = countAll(kept);
    const { counts, review, running, isLarge } = counted;
    if (stalls?.state !== state || isOver(stalls, nowMs))
      stalls = { state, atMs: nowMs, ...stalled(running, context) };
    const mayLook = !done || !isLarge || nowMs >= done.atMs + PAUSE_MS;
    const isStale = done?.state !== state || isOver({ atMs: done.atMs, until: done.text.until }, nowMs);
    if (!done || (isStale && mayLook)) done = { state, atMs: nowMs, text: allDoneText(state, context) };
    const earliest = isLarge ? done.atMs + PAUSE_MS : 0;
    const nextLook = Math.max(earliest, done.state === state ? done.text.until : earliest);
    const until = Math.min(nextLook, stalls.until);
    return { host, counts, review, stalled: stalls.count, unseen: unseen.size, done: done.text, until };
  };
}

/** Tells whether a result is out of date, or was made for a later time: a frozen screen goes back in time. */
function isOver({ atMs, until }: { atMs: number; until: number }, nowMs: number): boolean {
  return nowMs >= until || nowMs < atMs;
}

/** What is counted of the tasks that were not dismissed. */
interface Counted {
  readonly kept: readonly TaskEntry[];
  readonly counts: Overview['counts'];
  readonly review: number;
  readonly running: readonly TaskEntry[];
  readonly isLarge: boolean;
}

function countAll(kept: readonly TaskEntry[]): Counted {
  const running = kept.filter((entry) => entry.task.state.status === 'running');
  const isLarge = kept.length > MANY_TASKS || running.length > MANY_RUNNING;
  const review = kept.reduce((sum, { task }) => sum + (task.review ? 1 : 0), 0);
  return { kept, counts: selectCounts(kept), review, running, isLarge };
}

function stalled(running: readonly TaskEntry[], context: RenderContext): { count: number; until: number } {
  let count = 0;
  let until = NEVER;
  for (const entry of running) {
    const at = stallsAt(entry, context.stallAfterMs);
    if (at === null) continue;
    if (context.nowMs > at) count += 1;
    else until = Math.min(until, at + 1);
  }
  return { count, until };
}
