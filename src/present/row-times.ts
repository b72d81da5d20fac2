import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { words } from '../model/text.ts';
import type { Silence } from '../store/stall.ts';
import type { TaskEntry } from '../store/state.ts';
import { type Columns, spanOf } from './columns.ts';
import { agoText, roughDurationText, shortElapsedText } from './duration.ts';
import { etaText } from './eta.ts';
import { alignRight } from './fit.ts';
import { signs } from './glyphs.ts';
import { NEVER, type Segment, segment, type TimedText } from './line.ts';
import type { RenderContext } from './render-context.ts';

/**
 * Returns how long a task has been running and when it will be done; for an ended one, how long it took and how long ago it
 * ended.
 */
export function timesOf(
  entry: TaskEntry,
  silence: Silence | null,
  columns: Columns,
  context: RenderContext,
): { readonly cells: readonly (readonly Segment[])[]; readonly until: number } {
  const { task } = entry;
  if (hasEnded(task.state.status)) {
    const room = spanOf(columns, columns.elapsed > 0 ? ['elapsed', 'left'] : ['percent', 'left']);
    const over = overText(entry, context, room);
    return { cells: over.text === '' ? [] : [[segment(alignRight(over.text, room))]], until: over.until };
  }
  const elapsed = elapsedOf(task, context.nowMs);
  const eta =
    task.state.status === 'running' && !silence
      ? etaText(context.estimate(task.id, context.nowMs), context, columns.left)
      : { text: words``, until: NEVER };
  const until = Math.min(eta.until, columns.elapsed > 0 ? elapsed.until : NEVER);
  if (eta.text === '' && (columns.elapsed === 0 || elapsed.text === '')) return { cells: [], until };
  const cells = [
    ...(columns.elapsed > 0 ? [[segment(alignRight(elapsed.text, columns.elapsed))]] : []),
    [segment(alignRight(eta.text, columns.left, context.ascii))],
  ];
  return { cells, until };
}

/** Returns how long a task has been running, or waiting for an answer; empty if it does neither. */
function elapsedOf({ state, startedAt, question }: Task, nowMs: number): TimedText {
  const since =
    state.status === 'running' ? startedAt : state.status === 'needs-input' ? question?.askedAt : null;
  return typeof since === 'number' ? shortElapsedText(since, nowMs) : { text: words``, until: NEVER };
}

/** The width of `took 23h59m · 10m ago`, so that adjacent rows use the same form. */
const SPELT_OUT = 21;

/** Returns `took 18s · 2m ago` in at most `room` columns. */
function overText({ task, seenEndingAt }: TaskEntry, context: RenderContext, room: number): TimedText {
  const endedAt = endedAtOf(task) ?? seenEndingAt;
  if (endedAt === null) return { text: words``, until: NEVER };
  const ago = agoText(endedAt, context.nowMs);
  if (task.startedAt === null || endedAt < task.startedAt) return ago;
  const took = roughDurationText(endedAt - task.startedAt);
  const { dot } = signs(context.ascii);
  const both = words`${took} ${dot} ${ago.text}`;
  const text = room >= SPELT_OUT ? words`took ${both}` : both;
  return { text: text.length <= room ? text : ago.text, until: ago.until };
}
