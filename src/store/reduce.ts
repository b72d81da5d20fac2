import type { CommandEvent, SourceEvent } from '../model/event.ts';
import type { SourceId, TaskId } from '../model/id.ts';
import { keepNewest } from '../model/keep-newest.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { draftOf, type RecordDraft, unheard } from './record-draft.ts';
import type { PendingCommand, State, TaskEntry } from './state.ts';

/** An event, with its source and the time when it arrived (epoch ms). */
export interface Update {
  readonly source: SourceId;
  readonly at: number;
  readonly event: SourceEvent | CommandEvent | SourceOpened | SourceEnded | SourceClosed | ClockSet;
}

/** A source was attached: it is listed even before it reports anything. */
export interface SourceOpened {
  readonly type: 'opened';
  readonly kind: string;
  readonly location: string;
}

/** A source will report no more, such as a pipe that was closed. Its tasks stay. */
export interface SourceEnded {
  readonly type: 'ended';
}

/** A source was removed, with all its tasks. */
export interface SourceClosed {
  readonly type: 'closed';
}

/** The clock was set by `byMs`: times that were noted earlier are shifted, so that intervals stay the same. */
export interface ClockSet {
  readonly type: 'clock-set';
  readonly byMs: number;
}

/** How many removals are remembered for each source; the oldest are dropped first. */
const REMEMBERED_REMOVALS = 1_000;

/**
 * Returns the next state, or the same one if nothing changed; nothing else changes the state. Takes updates in batches, so
 * that each table is opened only once for many of them. Late, repeated and reordered updates change nothing, because a task's
 * revision only grows.
 */
export function reduce(state: State, updates: readonly Update[]): State {
  const records = new Map<SourceId, RecordDraft>();
  const closed = new Set<SourceId>();
  const knownOf = (id: SourceId) => (closed.has(id) ? undefined : state.sources.get(id));
  for (const { source, at, event } of updates) {
    if (event.type === 'closed') {
      closed.add(source);
      records.delete(source);
      continue;
    }
    const draft = records.get(source) ?? draftOf(knownOf(source) ?? unheard(source));
    records.set(source, draft);
    apply(draft, event, at);
  }

  const changed = [...records.values()].filter((draft) => draft.changed);
  if (changed.length === 0 && ![...closed].some((id) => state.sources.has(id))) return state;
  const sources = new Map(state.sources);
  for (const id of closed) sources.delete(id);
  for (const draft of changed) sources.set(draft.record.id, draft.done());
  return { ...state, sources };
}

function apply(draft: RecordDraft, event: Exclude<Update['event'], SourceClosed>, at: number): void {
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
 * Returns when an update was news: the time that a watching server gives; else now, or, while the source is still catching
 * up, the task's own `updatedAt`.
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
    if (task.state.status !== 'running' && seenEndingAt === null) continue; // none of its noted times is used
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
 * Returns a moving average that follows long gaps quickly and short ones slowly: a burst must not make a task look stalled.
 */
function smoothedGap(usualMs: number | null, gapMs: number): number {
  if (usualMs === null) return gapMs;
  const share = gapMs > usualMs ? 0.5 : 0.1;
  return usualMs + share * (gapMs - usualMs);
}

/**
 * Tells whether the source's report answers the command. A task to be cancelled may have ended in another way meanwhile, and
 * a retried one may have ended again before anybody saw it run.
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
