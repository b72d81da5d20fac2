import { z } from 'zod';
import { jsonObject } from '../model/json.ts';
import { problem } from '../model/problem.ts';
import { STEP_STATUSES } from '../model/task.ts';
import { type PlainText, plainName, plainText, words } from '../model/text.ts';
import { LEDGER_FORMAT } from './document.ts';
import { decodeDefinition, encodeDefinition, unreadable } from './format.ts';
import { LedgerError } from './ledger-error.ts';
import { LEDGER_EVENTS, LEDGER_STATUSES } from './sql/words.ts';
import type { LedgerTransfer, TaskTransfer } from './types.ts';

const Time = z.int();
const MaybeTime = Time.nullable().default(null);
const Line = z.string().transform((text) => plainName(text));
const Text = z.string().transform((text) => plainText(text));
const Status = z.enum(LEDGER_STATUSES);
const Count = z.int().positive();
const Percent = z.number().min(0).max(100).nullable().default(null);

const Step = z.object({
  name: Line,
  weight: z.number().positive().finite().default(1),
  status: z.enum(STEP_STATUSES).default('pending'),
  progress: Percent,
  startedAt: MaybeTime,
  endedAt: MaybeTime,
});

const Run = z.object({
  run: Count.default(1),
  status: Status,
  attempt: Count.default(1),
  jobRun: z.int().nullable().default(null),
  progress: Percent,
  steps: z.array(Step).default([]),
  result: Text.nullable().default(null),
  error: Text.nullable().default(null),
  verifiedAt: MaybeTime,
  isForced: z.boolean().default(false),
  version: Count.default(1),
  createdAt: Time,
  startedAt: MaybeTime,
  endedAt: MaybeTime,
  updatedAt: Time,
});

const Entry = z.object({
  id: z.int().default(0),
  run: Count.default(1),
  attempt: Count.default(1),
  event: z.enum(LEDGER_EVENTS),
  from: Status.nullable().default(null),
  to: Status,
  at: Time,
  by: Line.nullable().default(null),
  reason: Text.nullable().default(null),
  output: Text.nullable().default(null),
  progress: Percent,
});

const Note = z.object({ at: Time, by: Line.nullable().default(null), text: Text });

const Task = z.object({
  definition: z.unknown(),
  runs: z.array(Run).default([]),
  history: z.array(Entry).default([]),
  notes: z.array(Note).default([]),
});

const Transfer = z.object({
  format: z.literal(LEDGER_FORMAT),
  version: z.int(),
  exportedAt: Time.default(0),
  tasks: z.array(z.unknown()),
});

/**
 * Decodes what `encodeTransfer` wrote, here or elsewhere, or a file of definitions. Throws a `LedgerError` that names the first
 * malformed place.
 */
export function decodeTransfer(raw: unknown): LedgerTransfer {
  const parsed = Transfer.safeParse(raw);
  if (!parsed.success) throw unreadable(words`the export`, parsed.error);
  const { format, version, exportedAt, tasks } = parsed.data;
  if (version !== 1) throw newer(version);
  return { format, version, exportedAt, tasks: tasks.map(decodeTask) };
}

/**
 * Encodes a transfer as JSON: definitions as in files, and everything else without empty values, which are half of it.
 */
export function encodeTransfer({ tasks, ...head }: LedgerTransfer): Record<string, unknown> {
  return {
    ...head,
    tasks: tasks.map(({ definition, runs, history, notes }) => ({
      definition: encodeDefinition(definition),
      runs: runs.map((run) => withoutNulls({ ...run, steps: run.steps.map(withoutNulls) })),
      history: history.map(withoutNulls),
      notes: notes.map(withoutNulls),
    })),
  };
}

function withoutNulls(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

function decodeTask(raw: unknown, index: number): TaskTransfer {
  const where = words`tasks[${index}]`;
  const isDefinition = !('definition' in (jsonObject(raw) ?? {}));
  const parsed = Task.safeParse(isDefinition ? { definition: raw } : raw);
  if (!parsed.success) throw unreadable(where, parsed.error);
  const definition = decodeDefinition(
    parsed.data.definition,
    isDefinition ? where : words`${where}.definition`,
  );
  const task = definition.id;
  const { runs, history, notes } = parsed.data;
  const numbers = new Set(runs.map(({ run }) => run));
  if (numbers.size < runs.length) throw malformed(words`${where}.runs has the same number twice`);
  const stray = history.find(({ run }) => !numbers.has(run));
  if (stray) throw malformed(words`${where}.history tells of run ${stray.run}, which is not among its runs`);
  return {
    definition,
    runs: runs.toSorted((a, b) => a.run - b.run).map((run) => ({ ...run, task })),
    history: history.map((entry) => ({ ...entry, task })),
    notes: notes.map((note) => ({ ...note, task })),
  };
}

function newer(version: number): LedgerError {
  const said = words`the export is of version ${version}, which this taskglass does not know`;
  return new LedgerError(
    'definition',
    problem('malformed', 'degraded', said, 'update taskglass: npm install -g taskglass'),
  );
}

function malformed(said: PlainText): LedgerError {
  return new LedgerError('definition', problem('malformed', 'degraded', said, 'nothing was imported'));
}
