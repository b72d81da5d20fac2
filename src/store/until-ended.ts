import type { TaskId } from '../model/id.ts';
import { hasEnded } from '../model/task.ts';
import { findEntry } from './state.ts';
import type { Store } from './store.ts';

/** Returns a signal that aborts when a task has ended or is gone. Stops watching when `signal` aborts. */
export function untilEnded(
  { getState, subscribe }: Pick<Store, 'getState' | 'subscribe'>,
  id: TaskId,
  signal: AbortSignal,
): AbortSignal {
  const ended = new AbortController();
  const unsubscribe = subscribe(look);
  signal.addEventListener('abort', unsubscribe, { once: true });
  look();
  return ended.signal;

  function look(): void {
    const entry = findEntry(getState(), id);
    if (entry && !hasEnded(entry.task.state.status)) return;
    unsubscribe();
    signal.removeEventListener('abort', unsubscribe);
    ended.abort();
  }
}
