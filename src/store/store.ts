import type { Problem } from '../model/problem.ts';
import { reduce, type Update } from './reduce.ts';
import { EMPTY_STATE, type State } from './state.ts';

/** Holds the state and tells its subscribers when it changed. Knows no framework. */
export interface Store {
  getState(): State;
  /** Applies a batch of updates; subscribers hear of it once, and only if something changed. */
  dispatch(updates: readonly Update[]): void;
  /** Says what is wrong beside the sources, if it was not said before. */
  complain(problem: Problem): void;
  /** What is derived from the state and something else has changed: subscribers look again. */
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
