import type { TaskDraft } from '../kit/task-draft.ts';
import { withWaiting } from '../kit/waiting.ts';
import type { ShownTask } from './shown-task.ts';

/** The tasks of a ledger as last read, with what each of them waits for. */
export interface LedgerIndex {
  readonly size: number;
  all(): TaskDraft[];
  /** Adds tasks that have not been reported yet. */
  add(tasks: readonly ShownTask[]): void;
  /** Updates tasks, and returns them with those that depend on them, because what these wait for may have changed. */
  put(tasks: readonly ShownTask[]): TaskDraft[];
}

export function createLedgerIndex(): LedgerIndex {
  const byId = new Map<string, ShownTask>();
  const dependents = new Map<string, Set<string>>();

  /** A completed task whose hooks have not finished keeps the others waiting. */
  const states = {
    get(id: string) {
      const task = byId.get(id);
      if (!task) return undefined;
      const { status } = task.draft.state;
      return { status: status === 'completed' && !task.isDone ? ('running' as const) : status };
    },
  };

  const shown = ({ draft }: ShownTask) => withWaiting(draft, states);

  function place(task: ShownTask): void {
    const { nativeId, dependencies } = task.draft;
    for (const before of byId.get(nativeId)?.draft.dependencies ?? [])
      dependents.get(before)?.delete(nativeId);
    for (const id of dependencies) {
      const waiting = dependents.get(id);
      if (waiting) waiting.add(nativeId);
      else dependents.set(id, new Set([nativeId]));
    }
    byId.set(nativeId, task);
  }

  return {
    get size() {
      return byId.size;
    },
    all: () => [...byId.values()].map(shown),
    add: (tasks) => tasks.forEach(place),
    put(tasks) {
      tasks.forEach(place);
      const ids = new Set(tasks.map(({ draft }) => draft.nativeId));
      for (const id of [...ids]) for (const dependent of dependents.get(id) ?? []) ids.add(dependent);
      return [...ids].flatMap((id) => byId.get(id) ?? []).map(shown);
    },
  };
}
