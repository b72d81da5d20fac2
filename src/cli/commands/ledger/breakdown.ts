import { isDeepStrictEqual } from 'node:util';
import { LEDGER_FORMAT } from '../../../ledger/document.ts';
import { LedgerError } from '../../../ledger/ledger-error.ts';
import { decodeTransfer, encodeTransfer } from '../../../ledger/transfer-format.ts';
import type { LedgerTransfer, TaskTransfer } from '../../../ledger/types.ts';
import { jsonObject } from '../../../model/json.ts';
import { problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { formatNaiveTime } from '../../../sources/task-breakdown/naive-time.ts';
import { BASE_KEY, fieldsOf, LEDGER_KEY, taskFromFields } from './breakdown/fields.ts';
import { mergeFields, mergeTransfer } from './breakdown/merge.ts';

/**
 * Converts a task breakdown to a ledger's transfer and back, both without loss: what a ledger has no field for is kept
 * beside the definition (`extra`); what a breakdown has no word for is kept under a key of its own in the task.
 */

const GENERATOR = { key: 'generated_by', value: 'taskglass ledger export' } as const;
const ROOT_KEYS = ['generated_at', 'total_tasks', 'tasks', GENERATOR.key] as readonly string[];

/** What `extra` keeps of the file that a task came from. */
interface Base {
  /** The task as it was in the file. */
  readonly task?: Record<string, unknown>;
  /** When it was read (epoch ms); stands in for timestamps that it lacks. */
  readonly readAt?: number;
  /** Its place among the other tasks. */
  readonly position?: number;
  /** Only with the first task: the document without its tasks, and how many there were. */
  readonly document?: Record<string, unknown>;
  readonly count?: number;
}

/** Reads a breakdown. Throws a `LedgerError` that names the first task that cannot be read, or whose id is not unique. */
export function transferFromBreakdown(document: unknown, nowMs: number): LedgerTransfer {
  const root = jsonObject(document) ?? {};
  const listed = root.tasks;
  if (!Array.isArray(listed)) throw unreadable('it has no "tasks" list');
  const tasks = listed.map((raw, index) => readTask(raw, index, nowMs));
  refuseRepeatedIds(tasks);
  const isOurs = root[GENERATOR.key] === GENERATOR.value;
  const hasForeignKeys = Object.keys(root).some((key) => !ROOT_KEYS.includes(key));
  const kept = isOurs && !hasForeignKeys ? tasks : tasks.map((task, index) => withPlace(task, index, root));
  return { format: LEDGER_FORMAT, version: 1, exportedAt: nowMs, tasks: kept };
}

/**
 * Numbers the tasks, so that an export lists them in their original order. The first one carries the rest of the document.
 */
function withPlace(
  task: TaskTransfer,
  position: number,
  root: Readonly<Record<string, unknown>>,
): TaskTransfer {
  const count = (root.tasks as unknown[]).length;
  const rest = position === 0 ? { document: { ...root, tasks: null }, count } : {};
  return withBase(task, { ...baseOf(task), position, ...rest });
}

/** Writes a breakdown. A task that came from one is written as it was there, except for what has changed since. */
export function breakdownFromTransfer({ tasks }: LedgerTransfer, nowMs: number): Record<string, unknown> {
  const inOrder = tasks.toSorted((a, b) => placeOf(a) - placeOf(b));
  const first = inOrder.map(baseOf).find(({ document }) => document !== undefined);
  const root = first?.document ?? { generated_at: formatNaiveTime(nowMs), [GENERATOR.key]: GENERATOR.value };
  const isCounted = first === undefined || ('total_tasks' in root && first.count !== tasks.length);
  return {
    ...root,
    ...(isCounted ? { total_tasks: tasks.length } : {}),
    tasks: inOrder.map((task) => writeTask(task, nowMs)),
  };
}

function readTask(raw: unknown, index: number, nowMs: number): TaskTransfer {
  const { [LEDGER_KEY]: ledger, ...fields } = jsonObject(raw) ?? {};
  const plain = taskFromFields(fields, nowMs);
  if (plain === null) throw unreadable(`tasks[${index}] is not a task with an id`);
  const task = ledger === undefined ? plain : mergeTransfer(readLedgerKey(ledger, index), plain, fields);
  const { [LEDGER_KEY]: _, ...written } = writeTask(task, nowMs);
  return JSON.stringify(written) === JSON.stringify(fields)
    ? task
    : withBase(task, { task: fields, readAt: nowMs });
}

function readLedgerKey(raw: unknown, index: number): TaskTransfer {
  const [task, second] = decodeTransfer(raw).tasks;
  if (!task || second) throw unreadable(`tasks[${index}].${LEDGER_KEY} is not a ledger task`);
  return task;
}

function writeTask(task: TaskTransfer, nowMs: number): Record<string, unknown> {
  const { task: base, readAt = nowMs } = baseOf(task);
  const bare = withBase(task, null);
  const before = base && taskFromFields(base, readAt);
  const fields = base && before ? mergeFields(base, fieldsOf(before), fieldsOf(bare)) : fieldsOf(bare);
  const again = taskFromFields(fields, readAt);
  if (again && isDeepStrictEqual(essenceOf(again), essenceOf(bare))) return fields;
  const exported = { format: LEDGER_FORMAT, version: 1, exportedAt: nowMs, tasks: [bare] } as const;
  return { ...fields, [LEDGER_KEY]: encodeTransfer(exported) };
}

/** Returns everything that matters of a task, without the numbers that each ledger assigns itself. */
function essenceOf({ definition, runs, history, notes }: TaskTransfer) {
  return {
    definition,
    runs: runs.map(({ version: _, createdAt: __, updatedAt: ___, ...run }) => run),
    history: history
      .filter(({ event }) => event !== 'registered' && event !== 'imported')
      .map(({ event, run, attempt, to, at, reason }) => ({ event, run, attempt, to, at, reason })),
    notes: notes.map(({ at, text }) => ({ at, text })),
  };
}

function baseOf({ definition }: TaskTransfer): Base {
  return (jsonObject(definition.extra[BASE_KEY]) ?? {}) as Base;
}

function placeOf(task: TaskTransfer): number {
  return baseOf(task).position ?? Number.MAX_SAFE_INTEGER;
}

function withBase(task: TaskTransfer, base: Base | null): TaskTransfer {
  const { [BASE_KEY]: _, ...extra } = task.definition.extra;
  return {
    ...task,
    definition: { ...task.definition, extra: base ? { ...extra, [BASE_KEY]: base } : extra },
  };
}

function refuseRepeatedIds(tasks: readonly TaskTransfer[]): void {
  const ids = tasks.map(({ definition }) => definition.id);
  const repeated = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (repeated.length > 0)
    throw unreadable(
      `the same id occurs more than once: ${repeated.join(', ')}`,
      words`give each task an id of its own`,
    );
}

function unreadable(
  message: string,
  hint = words`correct it in the file; nothing was imported`,
): LedgerError {
  return new LedgerError(
    'definition',
    problem('malformed', 'degraded', plainName(`the breakdown cannot be read: ${message}`), hint),
  );
}
