import type { Task } from '../../model/task.ts';

/**
 * A task as a document tells it. What the document cannot know (its place among the sources, its revision, what may
 * be asked of it) is added by `createTaskPublisher`; `dependencies` are still native ids.
 */
export interface TaskDraft extends Omit<Task, 'id' | 'source' | 'revision' | 'offers' | 'dependencies'> {
  readonly dependencies: readonly string[];
}

/** Epoch ms from outside: null unless it is a number that a date can hold. */
export function epochMs(raw: unknown): number | null {
  return typeof raw === 'number' && raw > 0 && raw <= 8.64e15 ? Math.round(raw) : null;
}
