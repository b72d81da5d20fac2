import { z } from 'zod';
import { COMMAND_NAMES } from './command.ts';
import { STEP_STATUSES, TASK_STATUSES } from './task.ts';

/** The documents of `--json`, as schemas: the package ships them as JSON Schema. Times are epoch ms. */

const ms = z.number().int();
const percent = z.number().min(0).max(100);

const ProblemDocument = z.object({ kind: z.string(), message: z.string(), hint: z.string().optional() });

const SourceStatus = z.enum(['live', 'connecting', 'down']);

export const SourceDocument = z.object({
  id: z.string(),
  kind: z.string(),
  location: z.string(),
  status: SourceStatus,
  problem: ProblemDocument.nullable(),
  tasks: z.number().int(),
  peers: z
    .array(
      z.object({
        where: z.string(),
        status: SourceStatus,
        delayMs: z.number().nullable(),
        problem: ProblemDocument.nullable(),
      }),
    )
    .optional(),
});

const StepDocument = z.object({
  index: z.number().int(),
  name: z.string(),
  status: z.enum(STEP_STATUSES),
  progress: percent.nullable(),
  weight: z.number(),
  startedAt: ms.nullable(),
  endedAt: ms.nullable(),
});

const EstimateDocument = z.object({
  remainingMs: ms,
  lowMs: ms,
  highMs: ms,
  basis: z.enum(['reported', 'history', 'steps', 'rate']),
});

const QuestionDocument = z.object({
  text: z.string(),
  choices: z.array(z.string()),
  askedAt: ms.nullable(),
});

export const TaskDocument = z.object({
  id: z.string(),
  source: z.string(),
  nativeId: z.string(),
  name: z.string(),
  status: z.enum(TASK_STATUSES),
  reason: z.string().nullable(),
  progress: percent.nullable(),
  steps: z.array(StepDocument),
  startedAt: ms.nullable(),
  updatedAt: ms.nullable(),
  endedAt: ms.nullable(),
  eta: EstimateDocument.nullable(),
  stalled: z.boolean(),
  attempts: z.number().int(),
  pending: z.enum(COMMAND_NAMES).nullable(),
  error: z.string().nullable(),
  result: z.string().nullable(),
  priority: z.number().nullable(),
  dependencies: z.array(z.string()),
  waitsFor: z.array(z.string()),
  blockedBy: z.array(z.string()),
  retryOf: z.string().nullable(),
  retriedAs: z.string().nullable(),
  userStatus: z.string().nullable(),
  host: z.string().nullable(),
  cwd: z.string().nullable(),
  repo: z.string().nullable(),
  url: z.string().nullable(),
  review: z.boolean(),
  question: QuestionDocument.nullable(),
  lastLine: z.string().nullable(),
  notes: z.array(z.object({ at: ms.nullable(), text: z.string() })),
  sessions: z.array(
    z.object({ id: z.string(), status: z.string(), updatedAt: ms.nullable(), notes: z.string().nullable() }),
  ),
  labels: z.record(z.string(), z.string()),
  commands: z.array(z.enum([...COMMAND_NAMES, 'dismiss'])),
});

/** Everything known at one moment. */
export const SnapshotDocument = z.object({
  version: z.literal(1),
  generatedAt: ms,
  /** The machine that it describes, if it may be read on another one. */
  host: z.string().optional(),
  sources: z.array(SourceDocument),
  counts: z.record(z.enum([...TASK_STATUSES, 'review']), z.number().int()),
  tasks: z.array(TaskDocument),
});

/** One line of the `--json` stream. */
export const StreamLine = z.discriminatedUnion('type', [
  SnapshotDocument.extend({ type: z.literal('snapshot') }),
  z.object({ type: z.literal('task'), task: TaskDocument }),
  z.object({ type: z.literal('removed'), id: z.string() }),
  z.object({ type: z.literal('source'), source: SourceDocument }),
  z.object({ type: z.literal('source-removed'), id: z.string() }),
]);
