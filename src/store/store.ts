import type { Problem } from '../model/problem.ts';
import { reduce, type Update } from './reduce.ts';
import { EMPTY_STATE, type State } from './state.ts';

/** Holds the state and tells its subscribers when it has changed. Independent of any framework. */
export interface Store {
  getState(): State;
  /** Applies a batch of updates; subscribers are called once, and only if something changed. */
  dispatch(updates: readonly Update[]): void;
  /** Adds a problem that belongs to no source, unless it is there already. */
  complain(problem: Problem): void;
  /** Calls the subscribers although the state is the same, because something derived from it has changed. */
  refresh(): void;
  /** The returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State = EMPTY_STATE): Store {
  let state = initial;
  const listeners = new Set<() => void>();

  function become(next: State): void {
    if (next === state) return;
    state = next;
    for (const listener of [...listeners]) listener();
  }

  return {
    getState: () => state,
    dispatch: (updates) => become(reduce(state, updates)),
    complain(problem) {
      if (state.problems.some(({ message }) => message === problem.message)) return;
      become({ ...state, problems: [...state.problems, problem] });
    },
    refresh: () => become({ ...state }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
