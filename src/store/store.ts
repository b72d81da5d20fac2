import { reduce, type Update } from './reduce.ts';
import { EMPTY_STATE, type State } from './state.ts';

/** Holds the state and tells its subscribers when it changed. Knows no framework. */
export interface Store {
  getState(): State;
  /** Applies a batch of updates; subscribers hear of it once, and only if something changed. */
  dispatch(updates: readonly Update[]): void;
  /** The returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State = EMPTY_STATE): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(updates) {
      const next = reduce(state, updates);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
