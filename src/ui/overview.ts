import { type PlainText, words } from '../model/text.ts';
import { allDoneText } from '../present/all-done.ts';
import type { Overview } from '../present/header.ts';
import { NEVER, type TimedText } from '../present/line.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { Sections } from '../store/sections.ts';
import { stallsAt } from '../store/stall.ts';
import type { State, TaskEntry } from '../store/state.ts';

/** With this many tasks, or this many running, the end of all tasks is computed no more often than this. */
const MANY_TASKS = 2_000;
const MANY_RUNNING = 200;
const PAUSE_MS = 5_000;

/** Summarises all tasks for the header; repeats expensive work only when it has to. */
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
    // While more tasks may still be found, "all done" would be true of some only.
    const open = counts.running + counts.queued + counts.waiting + counts['needs-input'];
    const text = open > 0 || !isSearching ? done.text : { ...done.text, text: words`` };
    return { host, counts, review, stalled: stalls.count, unseen: unseen.size, done: text, until };
  };
}

/** Tells whether a result is out of date, or was computed for a later time, since freezing goes back in time. */
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
