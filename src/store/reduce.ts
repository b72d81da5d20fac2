import type { CommandEvent, SourceEvent } from '../model/event.ts';
import type { SourceId, TaskId } from '../model/id.ts';
import { keepNewest } from '../model/keep-newest.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { draftOf, type RecordDraft, unheard } from './record-draft.ts';
import type { PendingCommand, State, TaskEntry } from './state.ts';

/** An event with where and when it arrived (epoch ms). */
export interface Update {
  readonly source: SourceId;
  readonly at: number;
  readonly event: SourceEvent | CommandEvent | SourceOpened | SourceEnded | ClockSet;
}

/** A source was attached: it is listed before it has said anything. */
export interface SourceOpened {
  readonly type: 'opened';
  readonly kind: string;
  readonly location: string;
}

/** A source has no more to say, and never will: a pipe that was closed. What it said stays. */
export interface SourceEnded {
  readonly type: 'ended';
}

/** The clock was set by so many ms: what we noted by it earlier moves along, so that intervals stay what they were. */
export interface ClockSet {
  readonly type: 'clock-set';
  readonly byMs: number;
}

/** How many removals are remembered; older ones give way first. */
const REMEMBERED_REMOVALS = 1_000;

/**
 * Returns the next state; the only way it changes. Takes updates in batches, so that many in one frame open each table
 * once. Late, repeated and reordered updates change nothing: a task's revision only grows. Returns the same state if
 * nothing changed.
 */
export function reduce(state: State, updates: readonly Update[]): State {
  const records = new Map<SourceId, RecordDraft>();
  for (const update of updates) {
    const draft =
      records.get(update.source) ?? draftOf(state.sources.get(update.source) ?? unheard(update.source));
    records.set(update.source, draft);
    apply(draft, update);
  }

  const changed = [...records.values()].filter((draft) => draft.changed);
  if (changed.length === 0) return state;
  const sources = new Map(state.sources);
  for (const draft of changed) sources.set(draft.record.id, draft.done());
  return { ...state, sources };
}

function apply(draft: RecordDraft, { event, at }: Update): void {
  switch (event.type) {
    case 'opened':
      return draft.set({ kind: event.kind, location: event.location });
    case 'ended':
      return draft.set({ hasEnded: true });
    case 'snapshot':
      return applySnapshot(draft, event, at);
    case 'changed':
      return applyTask(draft, event.task, at);
    case 'removed':
      return applyRemoval(draft, event.id, event.revision);
    case 'live':
      if (draft.record.status === 'live' && draft.record.problem === null) return;
      return draft.set({ status: 'live', problem: null });
    case 'kind':
      return event.kind === draft.record.kind ? undefined : draft.set({ kind: event.kind });
    case 'health':
      return draft.set({ peers: event.peers });
    case 'problem':
      return draft.set({
        problem: event.problem,
        status: event.problem.severity === 'down' ? 'down' : draft.record.status,
      });
    case 'command-asked':
      return changeEntry(draft, event.id, () => ({
        pending: { command: event.command, stage: { stage: 'asked' }, askedAt: at },
        refused: null,
      }));
    case 'command-advanced':
      return changeEntry(
        draft,
        event.id,
        ({ pending }) => pending && { pending: { ...pending, stage: event.stage } },
      );
    case 'command-failed':
      return changeEntry(
        draft,
        event.id,
        ({ pending }) =>
          pending && { pending: null, refused: { command: pending.command, problem: event.problem, at } },
      );
    case 'clock-set':
      return moveNotedTimes(draft, event.byMs);
    default:
      event satisfies never;
  }
}

function applySnapshot(
  draft: RecordDraft,
  event: { revision: number; tasks: readonly Task[] },
  at: number,
): void {
  if (event.revision < draft.record.floor) return;
  const listed = new Set(event.tasks.map((task) => task.id));
  for (const [id, entry] of draft.record.tasks) {
    if (!listed.has(id) && entry.task.revision <= event.revision) draft.tasks().delete(id);
  }
  for (const task of event.tasks) applyTask(draft, task, at);
  if (event.revision > draft.record.floor)
    draft.set({ floor: event.revision, gone: newerThan(draft.record.gone, event.revision) });
}

function applyTask(draft: RecordDraft, task: Task, at: number): void {
  const known = draft.record.tasks.get(task.id);
  const outdatedBy = known?.task.revision ?? draft.record.gone.get(task.id);
  if (outdatedBy !== undefined ? task.revision <= outdatedBy : task.revision < draft.record.floor) return;

  const newsAt = newsTime(task, at, draft.record.status === 'live');
  draft
    .tasks()
    .set(task.id, known ? withNews(known, task, Math.max(newsAt, known.lastNewsAt)) : firstSight(task, at));
}

/**
 * Returns when this was news: as told by a server that has watched it; else now, or, before we had caught up, when the
 * task says.
 */
function newsTime(task: Task, at: number, isLive: boolean): number {
  if (task.watched) return Math.min(at, task.watched.lastNewsAt);
  return isLive ? at : Math.min(at, task.updatedAt ?? at);
}

function applyRemoval(draft: RecordDraft, id: TaskId, revision: number): void {
  const known = draft.record.tasks.get(id);
  if (known && known.task.revision > revision) return;
  if (!known && (draft.record.gone.get(id) ?? draft.record.floor) >= revision) return;
  if (known) draft.tasks().delete(id);
  const gone = new Map(draft.record.gone).set(id, revision);
  keepNewest(gone, REMEMBERED_REMOVALS);
  draft.set({ gone });
}

function moveNotedTimes(draft: RecordDraft, byMs: number): void {
  for (const [id, entry] of draft.record.tasks) {
    const { task, lastNewsAt, seenEndingAt } = entry;
    if (task.state.status !== 'running' && seenEndingAt === null) continue; // nothing of it is measured
    draft.tasks().set(id, {
      ...entry,
      lastNewsAt: lastNewsAt + byMs,
      seenEndingAt: seenEndingAt === null ? null : seenEndingAt + byMs,
    });
  }
}

function changeEntry(
  draft: RecordDraft,
  id: TaskId,
  change: (entry: TaskEntry) => Partial<TaskEntry> | null,
): void {
  const entry = draft.record.tasks.get(id);
  const changes = entry && change(entry);
  if (changes) draft.tasks().set(id, { ...entry, ...changes });
}

function firstSight(task: Task, at: number): TaskEntry {
  return {
    task,
    pending: null,
    refused: null,
    lastNewsAt: Math.min(at, task.watched?.lastNewsAt ?? task.updatedAt ?? at),
    usualGapMs: task.watched?.usualGapMs ?? null,
    newsCount: 0,
    seenEndingAt: null,
  };
}

function withNews(entry: TaskEntry, task: Task, newsAt: number): TaskEntry {
  const endsNow = hasEnded(task.state.status) && !hasEnded(entry.task.state.status);
  return {
    task,
    pending: entry.pending && !isAnswered(entry.pending, entry.task, task) ? entry.pending : null,
    refused: null,
    lastNewsAt: newsAt,
    usualGapMs: task.watched
      ? task.watched.usualGapMs
      : smoothedGap(entry.usualGapMs, newsAt - entry.lastNewsAt),
    newsCount: entry.newsCount + 1,
    seenEndingAt: endsNow ? newsAt : hasEnded(task.state.status) ? entry.seenEndingAt : null,
  };
}

/**
 * Returns a moving average that learns long gaps fast and short ones slowly: a burst must not make a task look stalled.
 */
function smoothedGap(usualMs: number | null, gapMs: number): number {
  if (usualMs === null) return gapMs;
  const share = gapMs > usualMs ? 0.5 : 0.1;
  return usualMs + share * (gapMs - usualMs);
}

/**
 * Tells whether the source's report has done what was asked. A cancelled task may also have ended otherwise in the
 * meantime, a retried one may have ended again before anybody saw it run.
 */
function isAnswered(pending: PendingCommand, before: Task, after: Task): boolean {
  switch (pending.command) {
    case 'cancel':
      return hasEnded(after.state.status);
    case 'retry':
      return (
        !hasEnded(after.state.status) ||
        after.state.status !== before.state.status ||
        endedAtOf(after) !== endedAtOf(before) ||
        after.attempts > before.attempts ||
        (after.retriedAs ?? null) !== (before.retriedAs ?? null)
      );
    case 'setStatus':
      return true;
    case 'answer':
      return after.state.status !== 'needs-input' || after.question?.text !== before.question?.text;
    default:
      return pending.command satisfies never;
  }
}

function newerThan(gone: ReadonlyMap<TaskId, number>, revision: number): ReadonlyMap<TaskId, number> {
  return gone.size === 0 ? gone : new Map([...gone].filter(([, at]) => at > revision));
}
