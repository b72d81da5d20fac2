import { basename } from 'node:path';
import { jsonObject } from '../../model/json.ts';
import type { Step, StepStatus, TaskState } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { decodeLabels } from '../kit/decode-fields.ts';
import { BARE_DRAFT, type TaskDraft } from '../kit/task-draft.ts';
import type { Tracker } from './place.ts';

/** A task of Gemini's tracker: a step of its session. */
export interface TrackerTask {
  readonly id: PlainText;
  readonly title: PlainText;
  readonly isEpic: boolean;
  readonly status: 'open' | 'in_progress' | 'blocked' | 'closed';
  readonly parentId: PlainText | null;
  readonly madeAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

const STATUSES = ['open', 'in_progress', 'blocked', 'closed'] as const;

/** When a file was created and last written, epoch ms. */
interface FileTimes {
  readonly birthtimeMs: number;
  readonly mtimeMs: number;
}

/**
 * Reads one task; null if it is not one. The document has no times, but its file is written whenever its status changes;
 * `before` is the same task at an earlier time.
 */
export function decodeTrackerTask(
  raw: unknown,
  file: FileTimes,
  before?: TrackerTask | null,
): TrackerTask | null {
  const task = jsonObject(raw);
  const id = plainNameOrNull(task?.id);
  const title = plainNameOrNull(task?.title);
  const status = STATUSES.find((word) => word === task?.status);
  if (!task || id === null || status === undefined) return null;
  const at = Math.round(file.mtimeMs);
  const isNews = before?.status !== status;
  return {
    id,
    title: title ?? id,
    isEpic: task.type === 'epic',
    status,
    parentId: plainNameOrNull(task.parentId),
    madeAt: before?.madeAt ?? file.birthtimeMs,
    startedAt:
      status === 'in_progress' && isNews ? at : status === 'open' ? null : (before?.startedAt ?? null),
    endedAt: status === 'closed' ? (isNews ? at : (before?.endedAt ?? at)) : null,
  };
}

const STEP_STATUSES: Readonly<Record<TrackerTask['status'], StepStatus>> = {
  open: 'pending',
  blocked: 'pending',
  in_progress: 'running',
  closed: 'completed',
};

/** Work that was under way and has not changed for this long may have been abandoned. */
const MOVING_MS = 30 * 60_000;

/** Returns a session's tasks as one: they are its steps, except for those that only contain others. */
export function trackerTask(
  tracker: Tracker,
  tasks: readonly TrackerTask[],
  around: { readonly nowMs: number; readonly movedAt: number; readonly cwd: PlainText | null },
): TaskDraft {
  const parents = new Set(tasks.map(({ parentId }) => parentId));
  const leaves = tasks.filter(({ id }) => !parents.has(id));
  const inOrder = leaves.toSorted((a, b) => a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1));
  const steps = inOrder.map(({ title, status, startedAt, endedAt }, index): Step => {
    const now = STEP_STATUSES[status];
    return { index, name: title, status: now, progress: null, weight: 1, startedAt, endedAt };
  });
  const state = stateOf(inOrder, around);
  const project = around.cwd === null ? plainName(tracker.project) : plainName(basename(around.cwd));
  const epics = tasks.filter(({ isEpic, parentId }) => isEpic && parentId === null);
  return {
    ...BARE_DRAFT,
    nativeId: plainName(tracker.session ?? tracker.project),
    name: (epics.length === 1 && epics[0]?.title) || project,
    state,
    steps,
    totalSteps: steps.length,
    updatedAt: around.movedAt,
    labels: decodeLabels([['project', project]]),
    ...(around.cwd !== null && { cwd: around.cwd }),
    ...(state.status === 'completed' && { review: true }),
    mayBeQuiet: true,
    raw: { project: tracker.project, session: tracker.session, tasks },
  };
}

function stateOf(
  tasks: readonly TrackerTask[],
  { nowMs, movedAt }: { readonly nowMs: number; readonly movedAt: number },
): TaskState {
  if (tasks.length > 0 && tasks.every(({ status }) => status === 'closed'))
    return { status: 'completed', endedAt: movedAt, result: null };
  if (tasks.some(({ status }) => status === 'in_progress')) {
    const isMoving = nowMs - movedAt < MOVING_MS;
    return isMoving ? { status: 'running', reason: null } : { status: 'waiting', reason: words`no news` };
  }
  const blocked = tasks.find(({ status }) => status === 'blocked');
  if (blocked) return { status: 'waiting', reason: words`blocked: ${blocked.title}` };
  return { status: 'queued', reason: null };
}
