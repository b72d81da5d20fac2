import { hasEnded, type Task } from '../model/task.ts';
import type { Monitor } from '../monitor.ts';
import type { Update } from '../store/reduce.ts';
import { findEntry } from '../store/state.ts';

/** Calls `ring` once for each batch of news in which a task was seen to end; the returned function ends that. */
export function ringAtEnds(monitor: Monitor, ring: () => void): () => void {
  const rung = new Set<string>();

  const isNewEnd = (task: Task): boolean => {
    if (!hasEnded(task.state.status)) return rung.delete(task.id) && false;
    const wasSeen = (findEntry(monitor.getState(), task.id)?.seenEndingAt ?? null) !== null;
    if (!wasSeen || rung.has(task.id)) return false;
    rung.add(task.id);
    return true;
  };
  return monitor.onUpdates((updates) => {
    if (updates.flatMap(tasksOf).filter(isNewEnd).length > 0) ring();
  });
}

function tasksOf({ event }: Update): readonly Task[] {
  if (event.type === 'changed') return [event.task];
  return event.type === 'snapshot' ? event.tasks : [];
}
