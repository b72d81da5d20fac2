import { jsonObject } from '../../model/json.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { percentage } from '../../model/progress.ts';
import type { Step, StepStatus, TaskState } from '../../model/task.ts';
import { ownWords, type PlainText, plainNameOrNull, plainTextOrNull } from '../../model/text.ts';
import { viaOf } from '../../model/via.ts';
import { type DecodedItem, decodeList, type Oddity, STEP_LIMIT, TASK_LIMIT } from '../decode-list.ts';
import { epochMs, type TaskDraft } from '../task-draft.ts';

/** A dashboard state as far as it concerns us: its tasks, when it was emitted, and what could not be read of it. */
export interface DashboardReading {
  readonly tasks: readonly TaskDraft[];
  readonly timestamp: number | null;
  readonly problem: Problem | null;
}

/**
 * Reads a full state of the dashboard (docs/sources.md). Anything may come in; what is no dashboard state at all comes back
 * as null. A caller that reads many states passes a `decodeTask` that remembers; at most `limit` tasks are read.
 */
export function decodeDashboardState(
  document: unknown,
  decodeTask: (raw: unknown) => DecodedItem<TaskDraft> = decodeDashboardTask,
  limit = TASK_LIMIT,
): DashboardReading | null {
  const state = jsonObject(document);
  if (!state || !isDashboardState(state)) return null;
  const listed = state.activeTasks ?? [];
  const list = Array.isArray(listed) ? listed : [];
  const { items, problem } = decodeList(list, 'activeTasks', decodeTask, limit);
  return {
    tasks: items,
    timestamp: epochMs(state.timestamp),
    problem: Array.isArray(listed) ? problem : noList(),
  };
}

/** Is this JSON object a dashboard state? One whose tasks are left out (nulls are) is told by its other keys. */
export function isDashboardState(document: Readonly<Record<string, unknown>>): boolean {
  if ('activeTasks' in document) return true;
  return 'timestamp' in document && ('widgets' in document || 'loading' in document);
}

/** Reads one of `activeTasks`. */
export function decodeDashboardTask(raw: unknown): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: ownWords('it is no JSON object') };
  const nativeId = plainNameOrNull(task.taskId);
  if (nativeId === null) return { wrong: ownWords('it has no taskId') };

  const oddities: Oddity[] = [];
  const state = decodeState(task, oddities);
  const steps = decodeSteps(task.steps, oddities);
  const startedAt = epochMs(task.startedAt);
  const item: TaskDraft = {
    nativeId,
    name: plainNameOrNull(task.taskName) ?? nativeId,
    state,
    steps,
    totalSteps: Math.max(steps.length, wholeNumber(task.totalSteps)),
    reportedProgress: null,
    reportedEndAt: state.status === 'running' ? expectedEnd(startedAt, task.estimatedCompletionMs) : null,
    startedAt,
    updatedAt: null,
    attempts: Math.max(1, wholeNumber(task.attempts)),
    priority: null,
    dependencies: [],
    notes: [],
    sessions: [],
    labels: {},
    ...viaOf(task.via),
    raw,
  };
  return { item, oddities };
}

function decodeState(task: Readonly<Record<string, unknown>>, oddities: Oddity[]): TaskState {
  const endedAt = epochMs(task.completedAt);
  const error = plainTextOrNull(task.error);
  switch (task.status) {
    case 'pending':
      return { status: 'queued', reason: null };
    case 'running':
      return { status: 'running', reason: null };
    case 'completed':
      return { status: 'completed', endedAt, result: null };
    case 'failed':
      return { status: 'failed', endedAt, error };
    case 'cancelled':
      return { status: 'cancelled', endedAt, reason: error };
    default:
      return { status: 'queued', reason: unknownWord(task.status, 'shown as queued', oddities) };
  }
}

/** In the order of their indexes; those are then counted anew, so that each is a step's place in the list. */
function decodeSteps(raw: unknown, oddities: Oddity[]): Step[] {
  if (!Array.isArray(raw)) return [];
  if (raw.length > STEP_LIMIT) oddities.push(tooManySteps(raw.length));
  return raw
    .slice(0, STEP_LIMIT)
    .map((step, place) => ({ step: jsonObject(step) ?? {}, place }))
    .sort((a, b) => indexOf(a.step, a.place) - indexOf(b.step, b.place))
    .map(({ step }, index) => decodeStep(step, index, oddities));
}

/** A pending step has neither start nor end, even where cancelling has left them on it. */
function decodeStep(step: Readonly<Record<string, unknown>>, index: number, oddities: Oddity[]): Step {
  const status = decodeStepStatus(step.status, oddities);
  return {
    index,
    name: plainNameOrNull(step.name) ?? ownWords(`step ${index + 1}`),
    status,
    progress: percentage(step.progress),
    weight: 1,
    startedAt: status === 'pending' ? null : epochMs(step.startedAt),
    endedAt: status === 'completed' || status === 'failed' ? epochMs(step.completedAt) : null,
  };
}

function decodeStepStatus(raw: unknown, oddities: Oddity[]): StepStatus {
  if (raw === 'pending' || raw === 'running' || raw === 'completed' || raw === 'failed') return raw;
  if (raw !== undefined) unknownWord(raw, 'its step is shown as pending', oddities);
  return 'pending';
}

function indexOf(step: Readonly<Record<string, unknown>>, place: number): number {
  return typeof step.index === 'number' && Number.isFinite(step.index) ? step.index : place;
}

/** The estimate is of the total duration, from the start on. */
function expectedEnd(startedAt: number | null, estimatedCompletionMs: unknown): number | null {
  if (startedAt === null || typeof estimatedCompletionMs !== 'number' || !(estimatedCompletionMs > 0))
    return null;
  return epochMs(startedAt + estimatedCompletionMs);
}

function wholeNumber(raw: unknown): number {
  return typeof raw === 'number' && raw > 0 ? Math.min(STEP_LIMIT, Math.floor(raw)) : 0;
}

function unknownWord(raw: unknown, shownAs: string, oddities: Oddity[]): PlainText | null {
  const word = plainNameOrNull(raw);
  const what = word === null ? 'it has no status' : `unknown status "${word}"`;
  oddities.push({ kind: 'unknown-word', what: ownWords(`${what}: ${shownAs}`) });
  return word;
}

function tooManySteps(length: number): Oddity {
  return {
    kind: 'too-large',
    what: ownWords(`it has ${length} steps: only the first ${STEP_LIMIT} are shown`),
  };
}

function noList(): Problem {
  return problem('malformed', 'degraded', 'activeTasks is no list', 'no tasks can be shown of it');
}
