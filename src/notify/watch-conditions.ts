import type { TaskId } from '../model/id.ts';
import type { Monitor } from '../monitor.ts';
import { taskPlace } from '../store/dismissals.ts';
import type { Update } from '../store/reduce.ts';
import { stallsAt } from '../store/stall.ts';
import { allEntries, findEntry, type State, type TaskEntry } from '../store/state.ts';
import {
  ALL_DONE,
  conditionStamp,
  isSame,
  isUnderWay,
  sourceCondition,
  sourcePlace,
  stallCondition,
  taskCondition,
} from './conditions.ts';
import type { Condition } from './event.ts';

/** Notified of what is true from now on, place by place. */
export interface ConditionListener {
  observe(place: string, condition: Condition | null): void;
  /** The task no longer exists. */
  lose(place: string): void;
}

export interface ConditionWatch {
  /** Looks which tasks have become silent by now (epoch ms). */
  look(nowMs: number): void;
  /** When to look again (epoch ms), if nothing happens until then; infinity if never. */
  readonly nextLookAt: number;
  close(): void;
}

export interface WatchOptions {
  /** How long a running task may be silent; null if nobody wants to know. */
  readonly stallAfterMs: number | null;
  /** Tells whether a task is of interest at all. */
  readonly isWatched: (entry: TaskEntry) => boolean;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** Reports what becomes true of tasks and sources. What was already true when it was first seen is not reported. */
export function watchConditions(
  monitor: Pick<Monitor, 'getState' | 'onUpdates'>,
  listener: ConditionListener,
  { stallAfterMs, isWatched, nowMs }: WatchOptions,
): ConditionWatch {
  let last = monitor.getState();
  /** What has been true since before this is not reported. It is shifted when the clock is set. */
  let startedAt = nowMs;
  const silences = createSilences(stallAfterMs);
  let underWay = 0;
  for (const entry of allEntries(last)) count(undefined, entry);

  function count(before: TaskEntry | undefined, after: TaskEntry | undefined): void {
    const weigh = (entry: TaskEntry | undefined) =>
      entry !== undefined && isUnderWay(entry.task) && isWatched(entry) ? 1 : 0;
    underWay += weigh(after) - weigh(before);
    if (after && isWatched(after)) silences.expect(after);
    else if (before) silences.forget(before.task.id);
  }

  function compare(next: State, before: TaskEntry | undefined, after: TaskEntry | undefined): void {
    if (before === after) return;
    count(before, after);
    if (!after) {
      if (before) listener.lose(taskPlace(last, before));
      return;
    }
    const now = isWatched(after) ? taskCondition(next, after) : null;
    const then = before && isWatched(before) ? taskCondition(last, before) : null;
    // A task that was running may have been reported as stalled.
    const wasRunning = before?.task.state.status === 'running';
    if (isSame(now, then) && !wasRunning) return;
    if (now === null || before || isNews(after)) listener.observe(taskPlace(next, after), now);
  }

  /** Tells whether a task that was not known before got into its state after we began. */
  function isNews({ task }: TaskEntry): boolean {
    const stamp = conditionStamp(task);
    return stamp === null ? last.sources.get(task.source)?.status === 'live' : stamp >= startedAt;
  }

  /** A source that has never been read cannot be lost. */
  function compareSource(next: State, id: Update['source']): void {
    const [before, after] = [last.sources.get(id), next.sources.get(id)];
    if (!after || before?.status === after.status) return;
    const condition = sourceCondition(after);
    if (!condition || before?.status === 'live') listener.observe(sourcePlace(after), condition);
  }

  /** Stops waiting for the tasks of a source that was removed. What was true of them is still reported. */
  function leaveOut(id: Update['source']): void {
    for (const entry of last.sources.get(id)?.tasks.values() ?? []) count(entry, undefined);
  }

  function take(updates: readonly Update[]): void {
    const next = monitor.getState();
    const wasUnderWay = underWay > 0;
    for (const id of new Set(updates.map(({ source }) => source))) {
      if (!next.sources.has(id)) {
        leaveOut(id);
        continue;
      }
      compareSource(next, id);
      const [before, after] = [last.sources.get(id)?.tasks, next.sources.get(id)?.tasks];
      if (before === after) continue;
      const changed = touched(updates, id);
      for (const each of changed ?? after?.keys() ?? []) compare(next, before?.get(each), after?.get(each));
      if (changed) continue;
      for (const [each, entry] of before ?? []) if (!after?.has(each)) compare(next, entry, undefined);
    }
    last = next;
    if (underWay > 0) listener.observe(ALL_DONE.place, null);
    else if (wasUnderWay) listener.observe(ALL_DONE.place, ALL_DONE);
  }

  const unsubscribe = monitor.onUpdates((updates) => {
    // Each source is told of it, at the same time.
    const set = updates.find(({ event }) => event.type === 'clock-set')?.event;
    if (set?.type === 'clock-set') startedAt += set.byMs;
    take(updates);
  });

  return {
    look(at) {
      const state = monitor.getState();
      for (const { id, since } of silences.take(at)) {
        const entry = since >= startedAt ? findEntry(state, id) : undefined;
        const condition =
          entry && stallCondition(state, entry, { nowMs: at, stallAfterMs: stallAfterMs ?? 0 });
        if (condition) listener.observe(condition.place, condition);
      }
    },
    get nextLookAt() {
      return silences.nextAt;
    },
    close: unsubscribe,
  };
}

/** Keeps which tasks will have been silent for too long, and when. */
function createSilences(stallAfterMs: number | null) {
  const silences = new Map<TaskId, number>();
  /** No silence is due earlier; those that were postponed since are found when it is due. */
  let nextAt = Number.POSITIVE_INFINITY;

  return {
    expect(entry: TaskEntry): void {
      const at = stallAfterMs === null ? null : stallsAt(entry, stallAfterMs);
      if (at === null) return void silences.delete(entry.task.id);
      silences.set(entry.task.id, at);
      nextAt = Math.min(nextAt, at + 1);
    },
    forget: (id: TaskId) => void silences.delete(id),
    /** Returns the tasks that have become silent by now, each once. */
    take(at: number): { readonly id: TaskId; readonly since: number }[] {
      const due = [...silences].filter(([, since]) => since < at);
      for (const [id] of due) silences.delete(id);
      nextAt = [...silences.values()].reduce(
        (least, each) => Math.min(least, each + 1),
        Number.POSITIVE_INFINITY,
      );
      return due.map(([id, since]) => ({ id, since }));
    },
    get nextAt() {
      return nextAt;
    },
  };
}

/** Returns the tasks that a source's updates are about; null if they may be about any. */
function touched(updates: readonly Update[], source: Update['source']): ReadonlySet<TaskId> | null {
  const ids = new Set<TaskId>();
  for (const update of updates) {
    if (update.source !== source) continue;
    const { event } = update;
    if (event.type === 'changed') ids.add(event.task.id);
    else if (event.type === 'removed') ids.add(event.id);
    else if (event.type === 'snapshot' || event.type === 'clock-set') return null;
  }
  return ids;
}
