import type { TaskDetails } from '../../model/details.ts';
import { type SourceId, type TaskId, taskId } from '../../model/id.ts';
import { type RawOnDemand, withRawOnDemand } from '../../model/raw-on-demand.ts';
import type { Task } from '../../model/task.ts';

type IdDetail = 'waitsFor' | 'blockedBy' | 'retryOf' | 'retriedAs';

/** A task's details as a document tells them: those that are ids are native ids. */
export interface DraftDetails extends Omit<TaskDetails, IdDetail> {
  readonly waitsFor?: readonly string[];
  readonly blockedBy?: readonly string[];
  readonly retryOf?: string;
  readonly retriedAs?: string;
}

/**
 * A task as a document tells it. What the document cannot know (its place among the sources, its revision, what may
 * be asked of it) is added by `createTaskPublisher`; other tasks are still named by their native ids.
 */
export interface TaskDraft
  extends Omit<Task, 'id' | 'source' | 'revision' | 'offers' | 'dependencies' | 'raw' | keyof TaskDetails>,
    DraftDetails {
  readonly dependencies: readonly string[];
  /** Absent where it is read when somebody asks for it. */
  readonly raw?: unknown;
}

/** What a document says nothing of, but for the steps. */
export const BARE_WITHOUT_STEPS = {
  totalSteps: 0,
  reportedProgress: null,
  reportedEndAt: null,
  startedAt: null,
  attempts: 1,
  priority: null,
  dependencies: [],
  notes: [],
  sessions: [],
  labels: {},
} as const satisfies Partial<TaskDraft>;

/** What a document says nothing of. */
export const BARE_DRAFT = { ...BARE_WITHOUT_STEPS, steps: [] } as const satisfies Partial<TaskDraft>;

const NONE: readonly TaskId[] = [];

/**
 * Returns a draft as a task of this source: what it names by native ids, the task names by ids. `raw`: if it has none, and
 * for the steps, too, if these were left out.
 */
export function placed(
  source: SourceId,
  draft: TaskDraft,
  more: Pick<Task, 'revision' | 'offers'> & Partial<Pick<Task, 'updatedAt'>>,
  raw: RawOnDemand | null = null,
): Task {
  const { dependencies, waitsFor, blockedBy, retryOf, retriedAs } = draft;
  const toId = (nativeId: string) => taskId(source, nativeId);
  const task = {
    // Copied as it is, and then its ids replaced: leaving these out takes six times as long.
    ...(draft as Omit<TaskDraft, IdDetail>),
    ...more,
    id: toId(draft.nativeId),
    source,
    dependencies: dependencies.length === 0 ? NONE : dependencies.map(toId),
    ...(waitsFor && { waitsFor: waitsFor.map(toId) }),
    ...(blockedBy && { blockedBy: blockedBy.map(toId) }),
    ...(retryOf !== undefined && { retryOf: toId(retryOf) }),
    ...(retriedAs !== undefined && { retriedAs: toId(retriedAs) }),
  };
  return raw ? withRawOnDemand(task, raw, !('steps' in draft)) : (task as Task);
}

/** Reads epoch ms from outside: null unless it is a number that a date can hold. */
export function epochMs(raw: unknown): number | null {
  return typeof raw === 'number' && raw > 0 && raw <= 8.64e15 ? Math.round(raw) : null;
}
