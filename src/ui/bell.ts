import type { Clock } from '../clock.ts';
import { hasEnded, type Task } from '../model/task.ts';
import type { Monitor } from '../monitor.ts';
import type { Update } from '../store/reduce.ts';
import { findEntry } from '../store/state.ts';

/** After a ring, so long none: what ends meanwhile is told by one ring then. */
const QUIET_MS = 5_000;

/** Calls `ring` when tasks were seen to end, however many, at most once in a while; the returned function ends that. */
export function ringAtEnds(monitor: Monitor, clock: Clock, ring: () => void): () => void {
  const rung = new Set<string>();
  let cancelQuiet: (() => void) | null = null;
  let isDue = false;

  const isNewEnd = (task: Task): boolean => {
    if (!hasEnded(task.state.status)) return rung.delete(task.id) && false;
    const wasSeen = (findEntry(monitor.getState(), task.id)?.seenEndingAt ?? null) !== null;
    if (!wasSeen || rung.has(task.id)) return false;
    rung.add(task.id);
    return true;
  };

  function ringOnce(): void {
    isDue = cancelQuiet !== null;
    if (isDue) return;
    ring();
    cancelQuiet = clock.after(QUIET_MS, () => {
      cancelQuiet = null;
      if (isDue) ringOnce();
    });
  }

  const unsubscribe = monitor.onUpdates((updates) => {
    if (updates.flatMap(tasksOf).filter(isNewEnd).length > 0) ringOnce();
  });
  return () => {
    unsubscribe();
    cancelQuiet?.();
  };
}

function tasksOf({ event }: Update): readonly Task[] {
  if (event.type === 'changed') return [event.task];
  return event.type === 'snapshot' ? event.tasks : [];
}
