import { readFileSync, statSync } from 'node:fs';
import { FILE_LIMIT_BYTES } from '../../io/file-problem.ts';
import { parseJson } from '../../io/json-text.ts';
import { readWhole } from '../../io/read-file.ts';
import type { DashboardState, TaskProgress, TaskStep } from '../../model/dashboard-state.ts';
import { jsonObject } from '../../model/json.ts';

/** All keys of what we write, checked by the compiler. */
type KeysOf<T> = Readonly<Record<keyof Required<T>, true>>;

const STATE_KEYS: KeysOf<DashboardState> = {
  version: true,
  timestamp: true,
  workspaceId: true,
  userId: true,
  activeProject: true,
  widgets: true,
  loading: true,
  errors: true,
  activeTasks: true,
  process: true,
};
const TASK_KEYS: KeysOf<TaskProgress> = {
  taskId: true,
  taskName: true,
  status: true,
  currentStep: true,
  totalSteps: true,
  steps: true,
  startedAt: true,
  completedAt: true,
  estimatedCompletionMs: true,
  error: true,
  attempts: true,
  host: true,
  cwd: true,
  url: true,
  question: true,
  answers: true,
  idle: true,
  lastLine: true,
  pid: true,
  retryOf: true,
  retriedAs: true,
  updatedAt: true,
  progress: true,
};
const ENDED: ReadonlySet<unknown> = new Set(['completed', 'failed', 'cancelled']);
const STEP_KEYS: KeysOf<TaskStep> = {
  index: true,
  name: true,
  status: true,
  startedAt: true,
  completedAt: true,
  progress: true,
  weight: true,
};

/**
 * Whose file it is, judging by its text: `blank` if nothing would be lost (no text, or `{}`), `own` if one of our emitters can
 * have written it, else `foreign`, with what contradicts that.
 */
export type Ownership =
  | { readonly kind: 'blank' }
  | {
      readonly kind: 'own';
      readonly taskIds: readonly string[];
      /** The process that works on a task in it, according to the file; undefined if all have ended. */
      readonly worker: unknown;
    }
  | { readonly kind: 'foreign'; readonly why: string };

/** Tells whose file is at `path`: also `blank` if there is none, and `foreign` if it cannot be read. */
export async function readOwnership(path: string): Promise<Ownership> {
  const found = await readWhole(path);
  if (!('problem' in found)) return ownershipOf(found.bytes.toString());
  if (found.isMissing) return { kind: 'blank' };
  return { kind: 'foreign', why: `cannot be read as a state file: ${found.problem.message}` };
}

/** Does what `readOwnership` does in the last moment of a process, when nothing asynchronous runs any more. */
export function readOwnershipNow(path: string): Ownership {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return { kind: 'blank' };
  if (!stats.isFile() || stats.size > FILE_LIMIT_BYTES)
    return { kind: 'foreign', why: 'is not a state file' };
  return ownershipOf(readFileSync(path, 'utf8'));
}

/** Tells whose a file is by its content: it is ours only if one of our emitters can have written it. */
function ownershipOf(text: string): Ownership {
  if (text.trim() === '') return { kind: 'blank' };
  const parsed = parseJson(text);
  const state = 'value' in parsed ? jsonObject(parsed.value) : null;
  if (state && Object.keys(state).length === 0) return { kind: 'blank' };
  if (!state || !Array.isArray(state.activeTasks)) return { kind: 'foreign', why: 'is not a state file' };
  const tasks = state.activeTasks.map((task) => jsonObject(task));
  const taskIds = tasks.flatMap((task) => (typeof task?.taskId === 'string' ? [task.taskId] : []));
  const isOwn =
    hasOnly(state, STATE_KEYS) &&
    isEmpty(state.widgets) &&
    isIdle(state.loading) &&
    taskIds.length === tasks.length &&
    tasks.every((task) => task !== null && isOwnTask(task));
  const hasUnended = tasks.some((task) => !ENDED.has(task?.status));
  return isOwn
    ? { kind: 'own', taskIds, worker: hasUnended ? state.process : undefined }
    : { kind: 'foreign', why: 'holds something that taskglass did not write' };
}

function isOwnTask(task: Readonly<Record<string, unknown>>): boolean {
  if (!hasOnly(task, TASK_KEYS)) return false;
  const steps = task.steps ?? [];
  return (
    Array.isArray(steps) &&
    steps.every((raw) => {
      const step = jsonObject(raw);
      return step !== null && hasOnly(step, STEP_KEYS);
    })
  );
}

function hasOnly(object: object, keys: object): boolean {
  return Object.keys(object).every((key) => Object.hasOwn(keys, key));
}

/** Tells whether nothing is being loaded: another kind of dashboard may be loading something, and is not ours. */
function isIdle(raw: unknown): boolean {
  if (raw === undefined) return true;
  const { isLoading, loadingAgents, ...rest } = jsonObject(raw) ?? { other: raw };
  const isList = Array.isArray(loadingAgents) && loadingAgents.length === 0;
  return isLoading === false && isList && Object.keys(rest).length === 0;
}

/** Tells whether this is empty: another kind of dashboard keeps its widgets there. */
function isEmpty(raw: unknown): boolean {
  return raw === undefined || Object.keys(jsonObject(raw) ?? { other: raw }).length === 0;
}
