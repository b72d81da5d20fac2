import { endOfList, parallelismSeen, type Span } from '../eta/list-end.ts';
import { isLate, type Outlook } from '../eta/outlook.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { silenceOf, stallsAt } from '../store/stall.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import { remainingText } from './duration.ts';
import { isDue, SOON_MS } from './eta.ts';
import { NEVER, type TimedText } from './line.ts';
import type { Look } from './look.ts';

/** How many of the last completed tasks tell how much is done at once. */
const LAST_COMPLETED = 10;
/** In longer lists, the tasks that have not begun are taken to last as long as the completed ones. */
const MOST_LOOKED_UP = 1_000;
/** Of more that run at once, the others are not asked for: each estimate has to be kept, or made anew each time. */
const MOST_ESTIMATED = 2_000;

/** What is known of an end: how long it takes still (ms), and whether that is all. null where nothing is known. */
interface End {
  readonly remainingMs: number | null;
  readonly isWhole: boolean;
}

/**
 * When all that is under way will be done: `all done ~4m`, `all done ~4m or later` where some of it gives no estimate,
 * or none to be trusted. A list of tasks that wait for each other counts as a whole, with what has not begun.
 */
export function allDoneText(state: State, look: Look): TimedText {
  const sources = [...state.sources.values()];
  const believed = believedIn(sources, look);
  const ends = sources.flatMap((source) => endsOf(source, believed, look));
  const until = nextDoubt(believed, look);
  const known = ends.flatMap(({ remainingMs }) => remainingMs ?? []);
  if (known.length === 0) return { text: '', until };
  const last = known.reduce((a, b) => Math.max(a, b));
  const later = ends.every(({ isWhole }) => isWhole) ? '' : ' or later';
  if (last <= SOON_MS) return { text: later ? '' : 'all done soon', until };
  const remaining = remainingText(look.nowMs + last, look.nowMs, look.timeZone);
  return { text: `all done ~${remaining.text}${later}`, until: Math.min(until, remaining.until) };
}

/** What is estimated of each running task, as far as it is to be trusted. */
type Believed = ReadonlyMap<TaskEntry, Outlook | null>;

function believedIn(sources: readonly SourceRecord[], look: Look): Believed {
  const believed = new Map<TaskEntry, Outlook | null>();
  for (const source of sources) {
    for (const entry of source.tasks.values()) {
      if (entry.task.state.status !== 'running') continue;
      believed.set(entry, believed.size < MOST_ESTIMATED ? trusted(entry, look) : null);
    }
  }
  return believed;
}

function endsOf(source: SourceRecord, believed: Believed, look: Look): End[] {
  const entries = [...source.tasks.values()];
  const running = entries.filter(({ task }) => task.state.status === 'running');
  if (running.length === 0) return [];
  const isList = entries.some(({ task }) => task.dependencies.length > 0);
  if (isList) return [endOfTasks(entries, running, believed, look)];
  return running.map((entry) => {
    const remainingMs = believed.get(entry)?.remainingMs ?? null;
    return { remainingMs, isWhole: remainingMs !== null };
  });
}

function endOfTasks(
  entries: readonly TaskEntry[],
  running: readonly TaskEntry[],
  believed: Believed,
  look: Look,
): End {
  const completed = entries.map(({ task }) => task).filter(({ state }) => state.status === 'completed');
  const open = entries.filter(({ task }) => !hasEnded(task.state.status));
  const durations = Float64Array.from(completed.flatMap((task) => durationOf(task) ?? [])).sort();
  const { usualMs: _, ...unaided } = look;
  const aided = open.length <= MOST_LOOKED_UP ? look : unaided;
  const { remainingMs, isWhole } = endOfList(
    open.map((entry) => ({
      id: entry.task.id,
      remainingMs: believed.get(entry)?.remainingMs ?? remainingOf(entry, durations, aided),
      dependencies: entry.task.dependencies,
    })),
    new Set(completed.map(({ id }) => id)),
    parallelismSeen([...lastSpans(completed), ...running.flatMap(({ task }) => runningSpan(task, look))]),
  );
  return { remainingMs: remainingMs > 0 ? remainingMs : null, isWhole };
}

/** Of a task that tells nothing. `durations` are those of the list's completed ones, shortest first: the measure of it. */
function remainingOf(entry: TaskEntry, durations: Float64Array, look: Look): number | null {
  const { task } = entry;
  switch (task.state.status) {
    case 'running':
      return isSilent(entry, look) ? null : remainingOfLike(task, durations, look.nowMs);
    case 'queued':
    case 'waiting':
      return look.usualMs?.(task.id) ?? middle(durations);
    default:
      return null; // it waits for a person
  }
}

/** As long as those of the others took that took longer than this one has been at it. */
function remainingOfLike({ startedAt }: Task, durations: Float64Array, nowMs: number): number | null {
  if (startedAt === null) return middle(durations);
  const elapsedMs = nowMs - startedAt;
  const longer = durations.findIndex((ms) => ms > elapsedMs);
  const total = longer === -1 ? null : middle(durations.subarray(longer));
  return total === null ? null : total - elapsedMs;
}

function trusted(entry: TaskEntry, look: Look): Outlook | null {
  if (isSilent(entry, look)) return null;
  const outlook = look.estimate(entry.task.id, look.nowMs);
  return outlook && !isLate(outlook, look.nowMs) && !outlook.isVague ? outlook : null;
}

function isSilent(entry: TaskEntry, look: Look): boolean {
  return silenceOf(entry, look.nowMs, look.stallAfterMs) !== null;
}

/** When the next task falls silent, or should be there: from then on nobody knows (epoch ms). */
function nextDoubt(believed: Believed, look: Look): number {
  let until = NEVER;
  for (const [entry, outlook] of believed) {
    const at = stallsAt(entry, look.stallAfterMs);
    if (at !== null && at >= look.nowMs) until = Math.min(until, at + 1);
    if (!outlook) continue;
    until = Math.min(until, outlook.lateAt + 1, outlook.reviewAt);
    if (!isDue(outlook)) until = Math.min(until, look.nowMs + outlook.remainingMs - SOON_MS);
  }
  return until;
}

function durationOf(task: Task): number | null {
  const endedAt = endedAtOf(task);
  const durationMs = endedAt === null || task.startedAt === null ? 0 : endedAt - task.startedAt;
  return durationMs > 0 ? durationMs : null;
}

/** Found in one pass: many thousands may be completed. */
function lastSpans(completed: readonly Task[]): Span[] {
  const last: Span[] = [];
  for (const task of completed) {
    const to = endedAtOf(task);
    if (task.startedAt === null || to === null) continue;
    if (last.length === LAST_COMPLETED && to <= (last[0]?.to ?? 0)) continue;
    last.push({ from: task.startedAt, to });
    last.sort((a, b) => a.to - b.to);
    if (last.length > LAST_COMPLETED) last.shift();
  }
  return last;
}

function runningSpan({ startedAt }: Task, { nowMs }: Look): Span[] {
  return startedAt === null ? [] : [{ from: startedAt, to: nowMs }];
}

function middle(sorted: Float64Array): number | null {
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
