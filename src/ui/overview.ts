import type { Estimate } from '../eta/estimator.ts';
import { etaText, isDue, SOON_MS } from '../present/eta.ts';
import type { Overview } from '../present/header.ts';
import { NEVER, type TimedText } from '../present/line.ts';
import type { Look } from '../present/look.ts';
import { selectCounts } from '../store/select.ts';
import { silenceOf, stallsAt } from '../store/stall.ts';
import { allEntries, type State, type TaskEntry } from '../store/state.ts';

/** With so many running at once, the last one's end is looked up no more than once a second. */
const MANY_RUNNING = 200;
const PAUSE_MS = 1_000;

/** Sums up all tasks for the header; what costs time is done again only when it has to be. */
export function createOverview(host: string): (state: State, look: Look) => Overview & { until: number } {
  let counted: { state: State; counts: Overview['counts']; running: TaskEntry[] } | null = null;
  let done: { state: State; atMs: number; text: TimedText } | null = null;
  let stalls: { state: State; atMs: number; count: number; until: number } | null = null;

  return (state, look) => {
    const { nowMs } = look;
    if (counted?.state !== state) counted = countAll(state);
    const { counts, running } = counted;
    if (stalls?.state !== state || isOver(stalls, nowMs))
      stalls = { state, atMs: nowMs, ...stalled(running, look) };
    const mayLook = !done || running.length <= MANY_RUNNING || nowMs >= done.atMs + PAUSE_MS;
    const isStale = done?.state !== state || isOver({ atMs: done.atMs, until: done.text.until }, nowMs);
    if (!done || (isStale && mayLook)) done = { state, atMs: nowMs, text: lastEnd(running, look) };
    const nextLook = done.state === state ? done.text.until : done.atMs + PAUSE_MS;
    return { host, counts, stalled: stalls.count, done: done.text, until: Math.min(nextLook, stalls.until) };
  };
}

/** Past its time, or looked at in another time: a frozen screen goes back. */
function isOver({ atMs, until }: { atMs: number; until: number }, nowMs: number): boolean {
  return nowMs >= until || nowMs < atMs;
}

function countAll(state: State) {
  const entries = allEntries(state);
  const running = entries.filter((entry) => entry.task.state.status === 'running');
  return { state, counts: selectCounts(entries), running };
}

function stalled(running: readonly TaskEntry[], look: Look): { count: number; until: number } {
  let count = 0;
  let until = NEVER;
  for (const entry of running) {
    const at = stallsAt(entry, look.stallAfterMs);
    if (at === null) continue;
    if (look.nowMs > at) count += 1;
    else until = Math.min(until, at + 1);
  }
  return { count, until };
}

/** `all done ~4m`; `all done ~4m or later` where some give no estimate, or none to be trusted. */
function lastEnd(running: readonly TaskEntry[], look: Look): TimedText {
  const estimates = running.map((entry) => trustedEstimate(entry, look));
  const known = estimates.filter((estimate) => estimate !== null);
  const last = known.reduce<Estimate | null>(
    (latest, each) => (latest && latest.remainingMs >= each.remainingMs ? latest : each),
    null,
  );
  const eta = etaText(last, look);
  const until = Math.min(eta.until, stalled(running, look).until, nextDue(known, look.nowMs));
  const later = known.length < running.length ? ' or later' : '';
  if (eta.text === '' || eta.text === 'first run' || (later && isDue(last))) return { text: '', until };
  return { text: `all done ${eta.text}${later}`, until };
}

/** When the next task should be there: from then on, its silence counts against it (epoch ms). */
function nextDue(estimates: readonly Estimate[], nowMs: number): number {
  const pending = estimates.filter((estimate) => !isDue(estimate));
  return pending.reduce((until, each) => Math.min(until, nowMs + each.remainingMs - SOON_MS), NEVER);
}

function trustedEstimate(entry: TaskEntry, look: Look): Estimate | null {
  const estimate = look.estimate(entry.task.id, look.nowMs);
  return silenceOf(entry, look.nowMs, look.stallAfterMs) ? null : estimate;
}
