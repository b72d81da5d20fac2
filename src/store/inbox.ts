import type { TaskId } from '../model/id.ts';
import { endedAtOf, hasEnded, type Task } from '../model/task.ts';
import { silenceOf } from './stall.ts';
import type { TaskEntry } from './state.ts';

/** Why a task needs a person, the most urgent reason first. */
const REASONS = ['asks', 'failed', 'review', 'stalled'] as const;
export type InboxReason = (typeof REASONS)[number];

/** A task that needs a person. */
export interface InboxItem {
  readonly entry: TaskEntry;
  readonly reason: InboxReason;
  /** Since when (epoch ms); null if not known. */
  readonly since: number | null;
}

/** Returns the tasks that need a person: first those that ask, then failed, for review, stalled; the oldest of each first. */
export function inboxOf(
  entries: readonly TaskEntry[],
  { nowMs, stallAfterMs }: { readonly nowMs: number; readonly stallAfterMs: number },
): InboxItem[] {
  const items = entries.flatMap((entry): InboxItem[] => {
    const reason = reasonOf(entry, nowMs, stallAfterMs);
    return reason ? [{ entry, reason, since: sinceOf(entry, reason) }] : [];
  });
  const rank = ({ reason }: InboxItem) => REASONS.indexOf(reason);
  return items.sort((a, b) => rank(a) - rank(b) || (a.since ?? 0) - (b.since ?? 0));
}

function reasonOf(entry: TaskEntry, nowMs: number, stallAfterMs: number): InboxReason | null {
  const { state, review } = entry.task;
  if (state.status === 'needs-input') return 'asks';
  if (state.status === 'failed') return 'failed';
  if (review) return 'review';
  return silenceOf(entry, nowMs, stallAfterMs) ? 'stalled' : null;
}

function sinceOf({ task, lastNewsAt }: TaskEntry, reason: InboxReason): number | null {
  if (reason === 'stalled') return lastNewsAt;
  if (reason === 'asks') return task.question?.askedAt ?? task.updatedAt;
  return endedAtOf(task) ?? task.updatedAt;
}

/** Returns the tasks that wait for a task, directly or indirectly, and have not ended. */
export function heldUpBy(id: TaskId, entries: readonly TaskEntry[]): Task[] {
  const waiting = new Map<TaskId, Task[]>();
  for (const { task } of entries) {
    if (hasEnded(task.state.status)) continue;
    for (const other of task.waitsFor ?? []) waiting.set(other, [...(waiting.get(other) ?? []), task]);
  }
  const found = new Map<TaskId, Task>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const task of waiting.get(next) ?? []) {
      if (task.id === id || found.has(task.id)) continue;
      found.set(task.id, task);
      open.push(task.id);
    }
  }
  return [...found.values()];
}
