import type { Question } from '../../model/details.ts';
import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT, TASK_LIMIT } from '../../model/limits.ts';
import { type ReadMoment, readMoment } from '../../model/moment.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { percentage } from '../../model/progress.ts';
import { readStatusWord, type StatusMeaning } from '../../model/status-words.ts';
import { hasEnded, type Step, type StepStatus, type TaskState } from '../../model/task.ts';
import {
  joined,
  type PlainText,
  plainName,
  plainNameOrNull,
  plainTextOrNull,
  words,
} from '../../model/text.ts';
import { viaOf } from '../../model/via.ts';
import { answerNotes } from '../kit/answer-notes.ts';
import { decodeDetails } from '../kit/decode-details.ts';
import { type DecodedItem, decodeList, type Oddity } from '../kit/decode-list.ts';
import { BARE_WITHOUT_STEPS, type TaskDraft } from '../kit/task-draft.ts';

/** How many of a document's errors its problem names. */
const ERRORS_SHOWN = 3;

/** The parts of a dashboard state that concern us: its tasks, when it was emitted, and what could not be read. */
export interface DashboardReading {
  readonly tasks: readonly TaskDraft[];
  readonly timestamp: number | null;
  readonly problem: Problem | null;
}

/**
 * Reads a full state of the dashboard (docs/sources.md), which may be anything; returns null if it is not a dashboard state. A
 * caller that reads many states passes a `decodeTask` that remembers; at most `limit` tasks are read.
 */
export function decodeDashboardState(
  document: unknown,
  decodeTask: (raw: unknown) => DecodedItem<TaskDraft> = (raw) => decodeDashboardTask(raw),
  limit = TASK_LIMIT,
): DashboardReading | null {
  const state = jsonObject(document);
  if (!state || !isDashboardState(state)) return null;
  const listed = state.activeTasks ?? [];
  const list = Array.isArray(listed) ? listed : [];
  const { items, problem } = decodeList(list, words`activeTasks`, decodeTask, { limit, supersedes });
  return {
    tasks: items,
    timestamp: readMoment(state.timestamp),
    problem: Array.isArray(listed) ? (problem ?? errorsProblem(state.errors)) : noList(),
  };
}

/**
 * Tells which of two entries counts. A task that is started again while its ended run is still listed has two entries: the one
 * that has not ended counts, else the newer one.
 */
export function supersedes(later: TaskDraft, first: TaskDraft): boolean {
  const [isOver, wasOver] = [hasEnded(later.state.status), hasEnded(first.state.status)];
  return isOver === wasOver ? (later.startedAt ?? 0) > (first.startedAt ?? 0) : wasOver;
}

/** Tells whether this JSON object is a dashboard state. If its tasks are missing (nulls are left out), its other keys tell. */
export function isDashboardState(document: Readonly<Record<string, unknown>>): boolean {
  if ('activeTasks' in document) return true;
  return 'timestamp' in document && ('widgets' in document || 'loading' in document);
}

/**
 * Reads one of `activeTasks`; `read` reads its times. Unless `keepsRaw`, `raw` and the steps of a completed task are read from
 * somewhere else.
 */
export function decodeDashboardTask(
  raw: unknown,
  read: ReadMoment = readMoment,
  keepsRaw = true,
): DecodedItem<TaskDraft> {
  const task = jsonObject(raw);
  if (!task) return { wrong: words`it is not a JSON object` };
  const nativeId = plainNameOrNull(task.taskId);
  if (nativeId === null) return { wrong: words`it has no taskId` };

  const oddities: Oddity[] = [];
  const details = decodeDetails(task, read);
  const state = held(decodeState(task, read, oddities), details.question, plainNameOrNull(task.idle));
  const steps = decodeSteps(task.steps, read, oddities);
  const startedAt = read(task.startedAt);
  const keepsSteps = keepsRaw || state.status !== 'completed' || steps.length === 0;
  const item = {
    ...BARE_WITHOUT_STEPS,
    nativeId,
    name: plainNameOrNull(task.taskName) ?? nativeId,
    state,
    ...(keepsSteps && { steps }),
    totalSteps: Math.max(steps.length, wholeNumber(task.totalSteps)),
    reportedProgress: percentage(task.progress),
    reportedEndAt: state.status === 'running' ? expectedEnd(startedAt, task.estimatedCompletionMs) : null,
    startedAt,
    updatedAt: read(task.updatedAt),
    attempts: Math.max(1, wholeNumber(task.attempts)),
    ...details,
    notes: answerNotes(task.answers, read),
    ...retriesOf(task),
    ...viaOf(task.via),
    ...(keepsRaw && { raw }),
  } as TaskDraft;
  return { item, oddities };
}

/** Reads the steps of one of `activeTasks` whose oddities are already known. */
export function decodeDashboardSteps(raw: unknown, read: ReadMoment): readonly Step[] {
  return decodeSteps(jsonObject(raw)?.steps, read, []);
}

function retriesOf(task: Readonly<Record<string, unknown>>): Pick<TaskDraft, 'retryOf' | 'retriedAs'> {
  const [retryOf, retriedAs] = [plainNameOrNull(task.retryOf), plainNameOrNull(task.retriedAs)];
  return { ...(retryOf === null ? {} : { retryOf }), ...(retriedAs === null ? {} : { retriedAs }) };
}

function decodeState(
  task: Readonly<Record<string, unknown>>,
  read: ReadMoment,
  oddities: Oddity[],
): TaskState {
  const endedAt = read(task.completedAt);
  const error = plainTextOrNull(task.error);
  const status = readStatusWord(task.status);
  switch (status) {
    case 'queued':
    case 'running':
    case 'waiting':
    case 'needs-input':
      return { status, reason: null };
    case 'completed':
      return { status: 'completed', endedAt, result: null };
    case 'failed':
      return { status: 'failed', endedAt, error };
    case 'cancelled':
      return { status: 'cancelled', endedAt, reason: error };
    default:
      return { status: 'queued', reason: unknownWord(task.status, words`shown as queued`, oddities) };
  }
}

/** Returns the state of work that waits for a person or for something else, for which the dashboard has no words. */
function held(state: TaskState, question: Question | null | undefined, idle: PlainText | null): TaskState {
  if (state.status !== 'running') return state;
  if (question) return { status: 'needs-input', reason: question.text };
  return idle === null ? state : { status: 'waiting', reason: idle };
}

/** Decodes steps in the order of their indexes, which are then renumbered: each is the step's place in the list. */
function decodeSteps(raw: unknown, read: ReadMoment, oddities: Oddity[]): Step[] {
  if (!Array.isArray(raw)) return [];
  if (raw.length > STEP_LIMIT) oddities.push(tooManySteps(raw.length));
  return raw
    .slice(0, STEP_LIMIT)
    .map((step, place) => ({ step: jsonObject(step) ?? {}, place }))
    .sort((a, b) => indexOf(a.step, a.place) - indexOf(b.step, b.place))
    .map(({ step }, index) => decodeStep(step, index, read, oddities));
}

/** Decodes a step. A pending one has neither start nor end, even if cancelling has left them there. */
function decodeStep(
  step: Readonly<Record<string, unknown>>,
  index: number,
  read: ReadMoment,
  oddities: Oddity[],
): Step {
  const status = decodeStepStatus(step.status, oddities);
  return {
    index,
    name: plainNameOrNull(step.name) ?? words`step ${index + 1}`,
    status,
    progress: percentage(step.progress),
    weight: weightOf(step.weight),
    startedAt: status === 'pending' ? null : read(step.startedAt),
    endedAt: status === 'completed' || status === 'failed' ? read(step.completedAt) : null,
  };
}

function decodeStepStatus(raw: unknown, oddities: Oddity[]): StepStatus {
  const meaning = readStatusWord(raw);
  if (meaning !== null) return STEP_STATUSES_MEANT[meaning];
  if (raw !== undefined) unknownWord(raw, words`its step is shown as pending`, oddities);
  return 'pending';
}

/** A cancelled step has not been done; the dashboard's own cancelling leaves it in that state. */
const STEP_STATUSES_MEANT: Readonly<Record<StatusMeaning, StepStatus>> = {
  queued: 'pending',
  waiting: 'pending',
  cancelled: 'pending',
  running: 'running',
  'needs-input': 'running',
  completed: 'completed',
  failed: 'failed',
  skipped: 'skipped',
};

function weightOf(raw: unknown): number {
  return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0 ? raw : 1;
}

function indexOf(step: Readonly<Record<string, unknown>>, place: number): number {
  return typeof step.index === 'number' && Number.isFinite(step.index) ? step.index : place;
}

/** Returns when the task should end: the estimate is the total duration, counted from the start. */
function expectedEnd(startedAt: number | null, estimatedCompletionMs: unknown): number | null {
  if (startedAt === null || typeof estimatedCompletionMs !== 'number' || !(estimatedCompletionMs > 0))
    return null;
  return readMoment(startedAt + estimatedCompletionMs);
}

function wholeNumber(raw: unknown): number {
  return Number.isFinite(raw) && Number(raw) > 0 ? Math.min(STEP_LIMIT, Math.floor(Number(raw))) : 0;
}

function unknownWord(raw: unknown, shownAs: PlainText, oddities: Oddity[]): PlainText | null {
  const word = plainNameOrNull(raw);
  const what = word === null ? words`it has no status` : words`unknown status "${word}"`;
  oddities.push({ kind: 'unknown-word', what: words`${what}: ${shownAs}` });
  return word;
}

function tooManySteps(length: number): Oddity {
  return {
    kind: 'too-large',
    what: words`it has ${length} steps: only the first ${STEP_LIMIT} are shown`,
  };
}

/** Returns the errors in the document itself: those of an agent, or of a task that its emitter did not accept. */
function errorsProblem(raw: unknown): Problem | null {
  const errors = Object.entries(jsonObject(raw) ?? {}).flatMap(([of, why]) =>
    typeof why === 'string' && why !== '' ? [words`${plainName(of)}: ${plainName(why)}`] : [],
  );
  if (errors.length === 0) return null;
  const shown = joined(errors.slice(0, ERRORS_SHOWN), '; ');
  const more = errors.length - ERRORS_SHOWN;
  return problem('refused', 'degraded', more > 0 ? words`${shown}; and ${more} more` : shown);
}

function noList(): Problem {
  return problem('malformed', 'degraded', 'activeTasks is not a list', 'none of its tasks can be shown');
}
