import { z } from 'zod';
import { COMMAND_NAMES } from '../../model/command.ts';
import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { percentage } from '../../model/progress.ts';
import type { FieldsOf, ServedTask } from '../../model/served-line.ts';
import { TASK_STATUSES } from '../../model/task.ts';
import { type PlainText, plainName, plainNameOrNull, plainTextOrNull, words } from '../../model/text.ts';
import { viaOf } from '../../model/via.ts';
import { sizeOnce } from '../agui/size.ts';
import { decodeDetails } from '../kit/decode-details.ts';
import { isNestedTooDeep } from '../kit/decode-list.ts';
import { type DraftDetails, epochMs, type TaskDraft } from '../kit/task-draft.ts';
import { Id, LONGEST_ID, list } from './fields.ts';
import { stateOf, stepStatusOf } from './words.ts';

/** A task as another taskglass describes it; its ids are those over there, as plain text. */
export interface AttachedTask extends TaskDraft {
  /** Its exact id over there, which a command must name. */
  readonly servedAs: string;
  /** What it takes to keep it: its characters, and an amount for each of its values. */
  readonly weight: number;
  readonly offers: readonly z.infer<typeof Offer>[];
}

const Name = z.unknown().optional().transform(plainNameOrNull);
const Text = z.unknown().optional().transform(plainTextOrNull);
const Ms = z.unknown().optional().transform(epochMs);
const TaskId = z.string().min(1).max(LONGEST_ID);
export const Count = z.int().nonnegative().catch(0);
const StepLine = z.object({
  name: Name,
  status: z.unknown().optional(),
  progress: z.unknown().optional().transform(percentage),
  weight: z.number().min(0).max(1e9).catch(1),
  startedAt: Ms,
  endedAt: Ms,
} satisfies FieldsOf<ServedTask['steps'][number]>);

const Offer = z.object({
  command: z.enum(COMMAND_NAMES),
  refusal: Name,
  choices: z.array(z.string().transform(plainName)).max(100).optional(),
  asksBack: z.array(z.string().transform(plainName)).max(100).optional(),
} satisfies FieldsOf<ServedTask['offers'][number]>);

const SessionLine = z.object({
  id: Id,
  name: Name,
  status: Name,
  meaning: z.enum(TASK_STATUSES).nullable().catch(null),
  updatedAt: Ms,
  notes: Text,
} satisfies FieldsOf<ServedTask['sessions'][number]>);

/** How the server describes one of its tasks. */
export const TaskLine = z.object({
  id: TaskId,
  source: Name,
  name: Name,
  status: z.unknown().optional(),
  reason: Text,
  error: Text,
  result: Text,
  progress: z.unknown().optional().transform(percentage),
  steps: list(StepLine, STEP_LIMIT),
  totalSteps: Count,
  expectedEndAt: Ms,
  startedAt: Ms,
  updatedAt: Ms,
  endedAt: Ms,
  attempts: z.int().min(1).catch(1),
  priority: z.number().nullable().catch(null),
  dependencies: list(Id),
  waitsFor: list(Id),
  blockedBy: list(Id),
  retryOf: Id.nullable().catch(null),
  retriedAs: Id.nullable().catch(null),
  userStatus: Name,
  review: z.boolean().catch(false),
  notes: list(z.object({ at: Ms, text: z.string() })),
  sessions: list(SessionLine),
  labels: z.record(z.string().max(200), z.unknown()).catch({}),
  offers: list(Offer, COMMAND_NAMES.length),
  watched: z
    .object({ lastNewsAt: Ms, usualGapMs: z.number().nonnegative().nullable() })
    .nullable()
    .catch(null),
  mayBeQuiet: z.boolean().catch(false),
  via: z.unknown().optional().transform(viaOf),
  raw: z.unknown().optional(),
} satisfies FieldsOf<ServedTask>);

/** What a value weighs in addition to its characters. */
const VALUE_WEIGHT = 10;

/** The weight of a document that is nested too deeply to be measured. */
const DEEP_WEIGHT = 1024 * 1024;

/** Returns about how many bytes it takes to keep a document. */
export function weightOf(document: unknown): number {
  if (isNestedTooDeep(document)) return DEEP_WEIGHT;
  const { values, characters } = sizeOnce(document);
  return characters + values * VALUE_WEIGHT;
}

/** Returns null for anything that is not a task. */
export function readTask(raw: unknown): AttachedTask | null {
  const read = TaskLine.safeParse(raw);
  return read.success ? toTask(read.data, raw) : null;
}

/** Returns the task of a line; `document` is the line as it was sent. */
export function toTask(line: z.output<typeof TaskLine>, document: unknown): AttachedTask {
  const { watched, source } = line;
  const lastNewsAt = watched?.lastNewsAt ?? null;
  const raw = isNestedTooDeep(line.raw) ? null : (line.raw ?? null);
  return {
    nativeId: plainName(line.id),
    servedAs: line.id,
    weight: weightOf({ ...jsonObject(document), raw }),
    name: line.name ?? plainName(line.id),
    state: stateOf(line),
    steps: line.steps.map((step, index) => ({
      ...step,
      index,
      name: step.name ?? words`step ${index + 1}`,
      status: stepStatusOf(step.status),
    })),
    totalSteps: Math.max(line.steps.length, Math.min(STEP_LIMIT, line.totalSteps)),
    reportedProgress: line.progress,
    reportedEndAt: line.expectedEndAt,
    startedAt: line.startedAt,
    updatedAt: line.updatedAt,
    attempts: line.attempts,
    priority: line.priority,
    dependencies: line.dependencies,
    ...detailsIn(line, jsonObject(document)),
    notes: line.notes.flatMap(({ at, text }) => {
      const plain = plainTextOrNull(text);
      return plain === null ? [] : [{ at, text: plain }];
    }),
    sessions: line.sessions.map(({ name, status, meaning, ...session }) => ({
      ...session,
      ...(name && { name }),
      ...(meaning && { meaning }),
      status: status ?? words`unknown`,
    })),
    labels: { ...(source && { source }), ...plainLabels(line.labels) },
    offers: line.offers,
    ...(watched && lastNewsAt !== null && { watched: { lastNewsAt, usualGapMs: watched.usualGapMs } }),
    ...(line.mayBeQuiet && { mayBeQuiet: true }),
    ...line.via,
    raw,
  };
}

/**
 * Returns the details of a task. An older server has none of them: what it says in labels and in the reason is shown as it is.
 */
function detailsIn(
  { waitsFor, blockedBy, retryOf, retriedAs, userStatus, review }: z.output<typeof TaskLine>,
  document: Readonly<Record<string, unknown>> | null,
): DraftDetails {
  return {
    ...(waitsFor.length > 0 && { waitsFor }),
    ...(blockedBy.length > 0 && { blockedBy }),
    ...(retryOf && { retryOf }),
    ...(retriedAs && { retriedAs }),
    ...(userStatus && { userStatus }),
    ...(review && { review }),
    ...decodeDetails(document ?? {}, epochMs),
  };
}

function plainLabels(labels: Readonly<Record<string, unknown>>): Record<string, PlainText> {
  const entries = Object.entries(labels).slice(0, 100);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const text = plainNameOrNull(value);
      return text === null ? [] : [[plainName(key), text]];
    }),
  );
}
