import { z } from 'zod';
import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { didYouMean } from '../../model/nearest.ts';
import { readStatusWord } from '../../model/status-words.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** A state as it is read: the schema of an emitter, and whatever else is understood (other words, other times). */
const Text = z.string('must be a text');
const Id = z.union([z.string().min(1, 'must be a non-empty text'), z.number()], 'must be a non-empty text');
const Percent = z.number('must be a number from 0 to 100').min(0).max(100).nullish();
const Moment = z
  .custom(
    (raw) => raw === null || readMoment(raw) !== null,
    'must be a time: epoch milliseconds, or ISO 8601',
  )
  .optional();
const Status = z.custom((raw) => readStatusWord(raw) !== null, {
  error: ({ input }) =>
    input === undefined
      ? 'is missing'
      : 'is not a known word: pending, running, completed, failed or cancelled',
});

const Step = z.object({
  index: z.number().nullish(),
  name: Text,
  status: Status.optional(),
  startedAt: Moment,
  completedAt: Moment,
  progress: Percent,
  weight: z.number().nonnegative().nullish(),
});

const Question = z.object({ text: Text, choices: z.array(Text).nullish(), askedAt: Moment });

const Task = z.object({
  taskId: Id,
  taskName: Text.nullish(),
  status: Status,
  currentStep: z.number().nullish(),
  totalSteps: z.number().nonnegative().nullish(),
  steps: z.array(Step, 'must be a list').nullish(),
  startedAt: Moment,
  updatedAt: Moment,
  completedAt: Moment,
  estimatedCompletionMs: z.number().nonnegative().nullish(),
  error: Text.nullish(),
  attempts: z.number().positive().nullish(),
  host: Text.nullish(),
  cwd: Text.nullish(),
  url: z
    .string()
    .regex(/^https?:\/\/[^/]/iu, 'must begin with http:// or https://')
    .nullish(),
  question: Question.nullish(),
  idle: Text.nullish(),
  lastLine: Text.nullish(),
  pid: z.int().positive().nullish(),
  retryOf: Text.nullish(),
  retriedAs: Text.nullish(),
  progress: Percent,
});

const State = z.object({
  version: z.number().nullish(),
  timestamp: Moment,
  activeTasks: z.array(Task, 'must be a list'),
  workspaceId: z.unknown().optional(),
  userId: z.unknown().optional(),
  activeProject: z.unknown().optional(),
  widgets: z.unknown().optional(),
  loading: z.unknown().optional(),
  errors: z.unknown().optional(),
  process: z.unknown().optional(),
});

/** Something that is wrong with a state, and where: by key and index. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: PlainText;
}

const MOST_FAULTS = 20;
/** How many tasks are searched for mistyped keys. */
const TASKS_SEARCHED = 1_000;

/** Returns the first things that are wrong with a state: what is not read as it is meant, and keys that look mistyped. */
export function checkState(document: unknown): {
  readonly faults: readonly Fault[];
  readonly isCut: boolean;
} {
  const read = State.safeParse(document);
  const issues = read.success ? [] : read.error.issues.map(({ path, message }) => faultAt(path, message));
  const faults = [...issues, ...mistypedKeys(document)];
  return { faults: faults.slice(0, MOST_FAULTS), isCut: faults.length > MOST_FAULTS };
}

function faultAt(path: readonly PropertyKey[], message: string): Fault {
  return {
    path: path.map((part) => (typeof part === 'number' ? part : String(part))),
    message: plainName(message),
  };
}

function* mistypedKeys(document: unknown): Generator<Fault> {
  const state = jsonObject(document);
  yield* mistypedIn(state, Object.keys(State.shape), []);
  const tasks = Array.isArray(state?.activeTasks) ? state.activeTasks.slice(0, TASKS_SEARCHED) : [];
  for (const [index, raw] of tasks.entries()) {
    const task = jsonObject(raw);
    yield* mistypedIn(task, Object.keys(Task.shape), ['activeTasks', index]);
    const steps = Array.isArray(task?.steps) ? task.steps.slice(0, TASKS_SEARCHED) : [];
    for (const [at, step] of steps.entries())
      yield* mistypedIn(jsonObject(step), Object.keys(Step.shape), ['activeTasks', index, 'steps', at]);
  }
}

/** Yields keys that nearly match one of ours. Other unknown keys are permitted, and skipped. */
function* mistypedIn(
  object: Readonly<Record<string, unknown>> | null,
  known: readonly string[],
  path: Fault['path'],
): Generator<Fault> {
  for (const key of Object.keys(object ?? {})) {
    if (known.includes(key)) continue;
    const meant = didYouMean(key, known);
    if (meant !== null) yield { path: [...path, key], message: words`is not read: ${meant}` };
  }
}

/** Returns a path in the usual notation: `activeTasks[0].steps[1].name`. */
export function pathText(path: Fault['path']): PlainText {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return plainName(text.replace(/^\./u, '')) || words`the document`;
}
