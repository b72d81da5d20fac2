import type { SourceEvent } from '../../model/event.ts';
import type { Task } from '../../model/task.ts';

/** A source's tasks by their native ids, with whatever the source keeps for each. */
export type TaskTable = ReadonlyMap<string, { readonly task: Task }>;

/** Reports a source's tasks: at first all of them as a snapshot, then only what changed. */
export interface TaskTeller {
  /** Returns the revision for the next change. Each is higher than the one before. */
  nextRevision(): number;
  /** These are all tasks now. An entry that is the same object in both tables has not changed, and is not reported. */
  replace(before: TaskTable, now: TaskTable): void;
  changed(task: Task): void;
  removed(task: Task): void;
  /** Whether the snapshot was reported. */
  readonly isStarted: boolean;
}

export function createTaskTeller(push: (event: SourceEvent) => void): TaskTeller {
  let revision = 0;
  let isStarted = false;

  function nextRevision(): number {
    revision += 1;
    return revision;
  }

  function removed({ id }: Task): void {
    push({ type: 'removed', id, revision: nextRevision() });
  }

  return {
    nextRevision,
    replace(before, now) {
      if (!isStarted) {
        isStarted = true;
        return push({ type: 'snapshot', revision, tasks: [...now.values()].map(({ task }) => task) });
      }
      for (const [nativeId, entry] of now)
        if (before.get(nativeId) !== entry) push({ type: 'changed', task: entry.task });
      for (const [nativeId, { task }] of before) if (!now.has(nativeId)) removed(task);
    },
    changed: (task) => push({ type: 'changed', task }),
    removed,
    get isStarted() {
      return isStarted;
    },
  };
}
