import { endOfList, parallelismSeen, type Span } from '../eta/list-end.ts';
import { isLate, type ShownEstimate } from '../eta/shown-estimate.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { type PlainText, words } from '../model/text.ts';
import { silenceOf, stallsAt } from '../store/stall.ts';
import type { SourceRecord, State, TaskEntry } from '../store/state.ts';
import type { Tally } from '../store/tally.ts';
import { isSameDay, momentText, remainingText } from './duration.ts';
import { isDue, SOON_MS } from './eta.ts';
import { NEVER, type TimedText } from './line.ts';
import type { RenderContext } from './render-context.ts';

/** How many of the last completed tasks are used to find out how many run in parallel. */
const LAST_COMPLETED = 10;
/** In longer lists, tasks that have not begun are assumed to take as long as the completed ones. */
const MOST_LOOKED_UP = 1_000;
/** At most this many running tasks are estimated, because each estimate has to be kept or computed anew each time. */
const MOST_ESTIMATED = 2_000;

/** What is known about an end: how long it will take (ms), and whether that covers everything. null if nothing is known. */
interface End {
  readonly remainingMs: number | null;
  readonly isWhole: boolean;
}

/**
 * Returns when everything under way will be done: `done in ~4m`, `done in 4m or more` if parts have no reliable estimate,
 * `all done at 14:35` once it is. A list of tasks that wait for each other counts as a whole, including tasks that have not
 * begun. `tally` holds counts of the same tasks, if somebody has them already: there may be many tasks.
 */
export function allDoneText(state: State, context: RenderContext, tally?: Tally): TimedText {
  const sources = [...state.sources.values()];
  const believed = believedIn(tally?.running ?? sources.flatMap(runningIn), context);
  const ends = sources.flatMap((source) => endsOf(source, believed, context, tally?.dependent !== 0));
  const until = nextDoubt(believed, context);
  const known = ends.flatMap(({ remainingMs }) => remainingMs ?? []);
  if (known.length === 0) return { text: allEndedText(sources, context), until };
  const last = known.reduce((a, b) => Math.max(a, b));
  const isWhole = ends.every((end) => end.isWhole);
  if (last <= SOON_MS) return { text: isWhole ? words`done soon` : words``, until };
  const atMs = context.nowMs + last;
  const remaining = remainingText(atMs, context.nowMs, context.timeZone);
  const when = remaining.isMoment
    ? momentPhrase(remaining.text, prepositionOf(atMs, context), isWhole)
    : durationPhrase(remaining.text, isWhole);
  return { text: words`done ${when}`, until: Math.min(until, remaining.until) };
}

/** Returns `in ~4m`; without `isWhole`, as a lower bound. */
function durationPhrase(duration: PlainText, isWhole: boolean): PlainText {
  return isWhole ? words`in ~${duration}` : words`in ${duration} or more`;
}

/** Returns `at ~14:35`; without `isWhole`, as a lower bound. */
function momentPhrase(moment: PlainText, preposition: 'at' | 'on', isWhole: boolean): PlainText {
  return isWhole ? words`${preposition} ~${moment}` : words`${preposition} ${moment} or later`;
}

/** Returns the preposition of a moment: one of today is named by its time alone. */
function prepositionOf(
  atMs: number,
  { nowMs, timeZone }: Pick<RenderContext, 'nowMs' | 'timeZone'>,
): 'at' | 'on' {
  return isSameDay(atMs, nowMs, timeZone) ? 'at' : 'on';
}

/**
 * Returns when the last task ended: `all done at 14:35`. Empty while a task is open or a source has yet to report its tasks,
 * or if no end has a timestamp.
 */
function allEndedText(sources: readonly SourceRecord[], context: RenderContext): PlainText {
  if (sources.some(({ status }) => status === 'connecting')) return words``;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isDone = true;
  for (const source of sources) {
    for (const { task } of source.tasks.values()) {
      if (!hasEnded(task.state.status)) return words``;
      isDone &&= task.state.status === 'completed';
      lastMs = Math.max(lastMs, endedAtOf(task) ?? lastMs);
    }
  }
  if (!Number.isFinite(lastMs)) return words``;
  const moment = momentText(lastMs, context.nowMs, context.timeZone);
  return words`all ${isDone ? 'done' : 'ended'} ${prepositionOf(lastMs, context)} ${moment}`;
}

/** The estimate of each running task, as far as it is reliable. */
type Believed = ReadonlyMap<TaskEntry, ShownEstimate | null>;

function runningIn({ tasks }: SourceRecord): TaskEntry[] {
  return tasks.toArray().filter(({ task }) => task.state.status === 'running');
}

function believedIn(running: Iterable<TaskEntry>, context: RenderContext): Believed {
  const believed = new Map<TaskEntry, ShownEstimate | null>();
  for (const entry of running)
    believed.set(entry, believed.size < MOST_ESTIMATED ? trusted(entry, context) : null);
  return believed;
}

function endsOf(source: SourceRecord, believed: Believed, context: RenderContext, mayBeList: boolean): End[] {
  const running = [...believed.keys()].filter(({ task }) => task.source === source.id);
  if (running.length === 0) return [];
  const entries = mayBeList ? source.tasks.toArray() : [];
  const isList = entries.some(({ task }) => task.dependencies.length > 0);
  if (isList) return [endOfTasks(entries, running, believed, context)];
  return running.map((entry) => {
    const remainingMs = believed.get(entry)?.remainingMs ?? null;
    return { remainingMs, isWhole: remainingMs !== null };
  });
}

function endOfTasks(
  entries: readonly TaskEntry[],
  running: readonly TaskEntry[],
  believed: Believed,
  context: RenderContext,
): End {
  const completed = entries.map(({ task }) => task).filter(({ state }) => state.status === 'completed');
  const open = entries.filter(({ task }) => !hasEnded(task.state.status));
  const durations = Float64Array.from(completed.flatMap((task) => durationOf(task) ?? [])).sort();
  const { usualMs: _, ...unaided } = context;
  const aided = open.length <= MOST_LOOKED_UP ? context : unaided;
  const { remainingMs, isWhole } = endOfList(
    open.map((entry) => ({
      id: entry.task.id,
      remainingMs: believed.get(entry)?.remainingMs ?? remainingOf(entry, durations, aided),
      dependencies: entry.task.dependencies,
    })),
    new Set(completed.map(({ id }) => id)),
    parallelismSeen([...lastSpans(completed), ...running.flatMap(({ task }) => runningSpan(task, context))]),
  );
  return { remainingMs: remainingMs > 0 ? remainingMs : null, isWhole };
}

/**
 * Returns how long a task without a reliable estimate will take. `durations` are those of the list's completed tasks,
 * shortest first.
 */
function remainingOf(entry: TaskEntry, durations: Float64Array, context: RenderContext): number | null {
  const { task } = entry;
  switch (task.state.status) {
    case 'running':
      return isSilent(entry, context) ? null : remainingOfLike(task, durations, context.nowMs);
    case 'queued':
    case 'waiting':
      return context.usualMs?.(task.id) ?? middle(durations);
    default:
      return null; // it is waiting for a person
  }
}

/**
 * Returns how long a running task will still take, assuming that it takes as long as the completed ones that took longer
 * than its time so far.
 */
function remainingOfLike({ startedAt }: Task, durations: Float64Array, nowMs: number): number | null {
  if (startedAt === null) return middle(durations);
  const elapsedMs = nowMs - startedAt;
  const longer = durations.findIndex((ms) => ms > elapsedMs);
  const total = longer === -1 ? null : middle(durations.subarray(longer));
  return total === null ? null : total - elapsedMs;
}

function trusted(entry: TaskEntry, context: RenderContext): ShownEstimate | null {
  if (isSilent(entry, context)) return null;
  const estimate = context.estimate(entry.task.id, context.nowMs);
  return estimate && !isLate(estimate, context.nowMs) && !estimate.isVague ? estimate : null;
}

function isSilent(entry: TaskEntry, context: RenderContext): boolean {
  return silenceOf(entry, context.nowMs, context.stallAfterMs) !== null;
}

/** Returns when the next task falls silent or should have ended (epoch ms): from then on, the estimate is uncertain. */
function nextDoubt(believed: Believed, context: RenderContext): number {
  let until = NEVER;
  for (const [entry, estimate] of believed) {
    const at = stallsAt(entry, context.stallAfterMs);
    if (at !== null && at >= context.nowMs) until = Math.min(until, at + 1);
    if (!estimate) continue;
    until = Math.min(until, estimate.lateAt + 1, estimate.reviewAt);
    if (!isDue(estimate)) until = Math.min(until, context.nowMs + estimate.remainingMs - SOON_MS);
  }
  return until;
}

function durationOf(task: Task): number | null {
  const endedAt = endedAtOf(task);
  const durationMs = endedAt === null || task.startedAt === null ? 0 : endedAt - task.startedAt;
  return durationMs > 0 ? durationMs : null;
}

/** Finds the spans of the tasks that completed last, in one pass: many thousands may have completed. */
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

function runningSpan({ startedAt }: Task, { nowMs }: RenderContext): Span[] {
  return startedAt === null ? [] : [{ from: startedAt, to: nowMs }];
}

function middle(sorted: Float64Array): number | null {
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
