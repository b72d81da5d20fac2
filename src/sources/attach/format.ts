import { z } from 'zod';
import { COMMAND_NAMES } from '../../model/command.ts';
import { jsonObject } from '../../model/json.ts';
import { STEP_LIMIT } from '../../model/limits.ts';
import { percentage } from '../../model/progress.ts';
import type { FieldsOf, ServedLine, ServedTask } from '../../model/served-line.ts';
import { TASK_STATUSES } from '../../model/task.ts';
import { ownWords, type PlainText, plainName, plainNameOrNull, plainTextOrNull } from '../../model/text.ts';
import { viaOf } from '../../model/via.ts';
import { readBoundedObject, sizeOnce } from '../agui/size.ts';
import { isNestedTooDeep } from '../kit/decode-list.ts';
import { epochMs, type TaskDraft } from '../kit/task-draft.ts';
import { Id, LONGEST_ID, list } from './fields.ts';
import { type AttachedSource, SOURCE_LIMIT, SourceLine, toSource } from './source-line.ts';
import { stateOf, stepStatusOf } from './words.ts';

/** A task as another taskglass tells it; its ids are the ones it has over there, as plain text. */
export interface AttachedTask extends TaskDraft {
  /** Its id over there to the letter: what a command must name. */
  readonly servedAs: string;
  /** What it takes to keep it: its characters, and something for each of its values. */
  readonly weight: number;
  readonly offers: readonly z.infer<typeof Offer>[];
}

/** What one event of `/events` says. */
export type AttachedLine =
  | {
      readonly type: 'snapshot';
      readonly part: number;
      readonly isLast: boolean;
      readonly sources: readonly AttachedSource[];
      readonly tasks: readonly AttachedTask[];
      /** How many tasks of this part could not be read. */
      readonly unreadable: number;
      /** How long the part was. */
      readonly characters: number;
    }
  | { readonly type: 'task'; readonly task: AttachedTask }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'source'; readonly source: AttachedSource }
  /** No line of ours, or one of a kind that a later version may have. */
  | { readonly type: 'unknown' }
  /** One of ours, but damaged. */
  | { readonly type: 'unreadable' }
  /** Without this one, nothing that follows can be understood. */
  | { readonly type: 'broken'; readonly why: PlainText };

const Name = z.unknown().optional().transform(plainNameOrNull);
const Text = z.unknown().optional().transform(plainTextOrNull);
const Ms = z.unknown().optional().transform(epochMs);
const TaskId = z.string().min(1).max(LONGEST_ID);
const Count = z.int().nonnegative().catch(0);
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

const TaskLine = z.object({
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
  notes: list(z.object({ at: Ms, text: z.string() })),
  sessions: list(SessionLine),
  labels: z.record(z.string().max(200), z.unknown()).catch({}),
  offers: list(Offer, COMMAND_NAMES.length),
  watched: z
    .object({ lastNewsAt: Ms, usualGapMs: z.number().nonnegative().nullable() })
    .nullable()
    .catch(null),
  via: z.unknown().optional().transform(viaOf),
  raw: z.unknown().optional(),
} satisfies FieldsOf<ServedTask>);

const Line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    version: z.literal(1),
    part: Count,
    isLast: z.boolean(),
    sources: list(SourceLine, SOURCE_LIMIT),
    tasks: z.array(z.unknown()),
  } satisfies FieldsOf<Extract<ServedLine, { type: 'snapshot' }>>),
  z.object({ type: z.literal('task'), task: TaskLine }),
  z.object({ type: z.literal('removed'), id: Id }),
  z.object({ type: z.literal('source'), source: SourceLine }),
]);
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'snapshot',
  'task',
  'removed',
  'source',
] satisfies ServedLine['type'][]);

/** A part of a snapshot is at most 4 MiB, unless one task alone is larger. */
const LARGEST_LINE = { values: 600_000, characters: 8 * 1024 * 1024, depth: Number.POSITIVE_INFINITY };
const TOO_LARGE = ownWords('it sends more at once than can be read');
/** What a value takes beside its characters. */
const VALUE_WEIGHT = 10;

/** And what cannot be measured, as it is nested too deep, counts as. */
const DEEP_WEIGHT = 1024 * 1024;

/** What keeping a document takes, about, in bytes. */
export function weightOf(document: unknown): number {
  if (isNestedTooDeep(document)) return DEEP_WEIGHT;
  const { values, characters } = sizeOnce(document);
  return characters + values * VALUE_WEIGHT;
}

/** Reads the data of one event. Anything may come in: a stranger's text becomes plain here, and nowhere else. */
export function decodeAttachedLine(data: string): AttachedLine {
  const bounded = readBoundedObject(data, LARGEST_LINE);
  if (bounded.kind === 'too-large') return { type: 'broken', why: TOO_LARGE };
  const raw = bounded.kind === 'object' ? bounded.object : null;
  const read = Line.safeParse(raw);
  if (!read.success) return strangeLine(raw);
  const line = read.data;
  switch (line.type) {
    case 'snapshot': {
      const tasks = line.tasks.flatMap((task) => readTask(task) ?? []);
      const unreadable = line.tasks.length - tasks.length;
      const sources = line.sources.map(toSource);
      return { ...line, tasks, unreadable, sources, characters: data.length };
    }
    case 'task':
      return { type: 'task', task: toTask(line.task, (raw as { readonly task: unknown }).task) };
    case 'source':
      return { type: 'source', source: toSource(line.source) };
    case 'removed':
      return line;
    default:
      return line satisfies never;
  }
}

function readTask(raw: unknown): AttachedTask | null {
  const read = TaskLine.safeParse(raw);
  return read.success ? toTask(read.data, raw) : null;
}

/** `document` is the line as it came. */
function toTask(line: z.output<typeof TaskLine>, document: unknown): AttachedTask {
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
      name: step.name ?? ownWords(`step ${index + 1}`),
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
    notes: line.notes.flatMap(({ at, text }) => {
      const plain = plainTextOrNull(text);
      return plain === null ? [] : [{ at, text: plain }];
    }),
    sessions: line.sessions.map(({ name, status, meaning, ...session }) => ({
      ...session,
      ...(name && { name }),
      ...(meaning && { meaning }),
      status: status ?? ownWords('unknown'),
    })),
    labels: { ...(source && { source }), ...plainLabels(line.labels) },
    offers: line.offers,
    ...(watched && lastNewsAt !== null && { watched: { lastNewsAt, usualGapMs: watched.usualGapMs } }),
    ...line.via,
    raw,
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

/** A stream may hold events of others, such as pings: what names no kind of line that we know is none of ours. */
function strangeLine(raw: unknown): AttachedLine {
  const { type, version } = (raw ?? {}) as { readonly type?: unknown; readonly version?: unknown };
  if (typeof type !== 'string' || !KNOWN_TYPES.has(type)) return { type: 'unknown' };
  if (type !== 'snapshot') return { type: 'unreadable' };
  if (typeof version === 'number' && version > 1)
    return { type: 'broken', why: ownWords('it is of a newer taskglass: update this one') };
  return { type: 'broken', why: NOT_OURS };
}

export const NOT_OURS = ownWords('it sends what no taskglass sends');
