import { type PlainText, words } from '../model/text.ts';
import { allDoneText } from '../present/all-done.ts';
import type { Overview } from '../present/header.ts';
import { NEVER, type TimedText } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { Sections } from '../store/sections.ts';
import { stallsAt } from '../store/stall.ts';
import type { State, TaskEntry } from '../store/state.ts';

/** With so many tasks, or so many running at once, the end of all is looked up no more often than this. */
const MANY_TASKS = 2_000;
const MANY_RUNNING = 200;
const PAUSE_MS = 5_000;

/** Sums up all tasks for the header; what costs time is done again only when it has to be. */
export function createOverview(
  host: PlainText,
): (
  state: State,
  sections: Sections,
  context: RenderContext,
  isSearching: boolean,
) => Overview & { until: number } {
  let done: { state: State; atMs: number; text: TimedText } | null = null;
  let stalls: { state: State; atMs: number; count: number; until: number } | null = null;

  return (state, { kept, tally, unseen }, context, isSearching) => {
    const { nowMs } = context;
    const { counts, review, running } = tally;
    const isLarge = kept > MANY_TASKS || running.size > MANY_RUNNING;
    if (stalls?.state !== state || isOver(stalls, nowMs))
      stalls = { state, atMs: nowMs, ...stalled(running, context) };
    const mayLook = !done || !isLarge || nowMs >= done.atMs + PAUSE_MS;
    const isStale = done?.state !== state || isOver({ atMs: done.atMs, until: done.text.until }, nowMs);
    if (!done || (isStale && mayLook))
      done = { state, atMs: nowMs, text: allDoneText(state, context, tally) };
    const earliest = isLarge ? done.atMs + PAUSE_MS : 0;
    const nextLook = Math.max(earliest, done.state === state ? done.text.until : earliest);
    const until = Math.min(nextLook, stalls.until);
    // As long as tasks are still looked for, that all have ended would be true of some alone.
    const open = counts.running + counts.queued + counts.waiting + counts['needs-input'];
    const text = open > 0 || !isSearching ? done.text : { ...done.text, text: words`` };
    return { host, counts, review, stalled: stalls.count, unseen: unseen.size, done: text, until };
  };
}

/** Tells whether a result is out of date, or was made for a later time: a frozen screen goes back in time. */
function isOver({ atMs, until }: { atMs: number; until: number }, nowMs: number): boolean {
  return nowMs >= until || nowMs < atMs;
}

function stalled(running: Iterable<TaskEntry>, context: RenderContext): { count: number; until: number } {
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
