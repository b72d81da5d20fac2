import type { TaskDetails } from '../../model/details.ts';
import { type SourceId, type TaskId, taskId } from '../../model/id.ts';
import { type RawOnDemand, withRawOnDemand } from '../../model/raw-on-demand.ts';
import type { Task } from '../../model/task.ts';

type IdDetail = 'waitsFor' | 'blockedBy' | 'retryOf' | 'retriedAs';

/** A task's details as a document has them: those that are ids are native ids. */
export interface DraftDetails extends Omit<TaskDetails, IdDetail> {
  readonly waitsFor?: readonly string[];
  readonly blockedBy?: readonly string[];
  readonly retryOf?: string;
  readonly retriedAs?: string;
}

/**
 * A task as a document describes it. What the document cannot know (the source, the revision, the commands that are offered) is
 * added by `createTaskPublisher`; other tasks are still referred to by their native ids.
 */
export interface TaskDraft
  extends Omit<Task, 'id' | 'source' | 'revision' | 'offers' | 'dependencies' | 'raw' | keyof TaskDetails>,
    DraftDetails {
  readonly dependencies: readonly string[];
  /** Absent if it is read only when somebody asks for it. */
  readonly raw?: unknown;
}

/** The values for what a document does not mention, without the steps. */
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

/** The values for what a document does not mention. */
export const BARE_DRAFT = { ...BARE_WITHOUT_STEPS, steps: [] } as const satisfies Partial<TaskDraft>;

const NONE: readonly TaskId[] = [];

/**
 * Returns a draft as a task of this source, with ids in place of native ids. `raw` is used if the draft has none, and for the
 * steps, too, if these were omitted.
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
    // Copied as it is before its ids are replaced: leaving these out takes six times as long.
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

/** Reads epoch ms from outside: null unless it is a number that a date can represent. */
export function epochMs(raw: unknown): number | null {
  return typeof raw === 'number' && raw > 0 && raw <= 8.64e15 ? Math.round(raw) : null;
}
