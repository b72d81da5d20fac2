import { isDeepStrictEqual } from 'node:util';
import type { TaskTransfer } from '../../../../ledger/types.ts';
import { fieldsOf } from './fields.ts';

/**
 * Updates a breakdown's task. Only the keys whose meaning has changed (`before` → `after`) are written; all others keep
 * their place and spelling.
 */
export function mergeFields(
  base: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(after)) {
    if (isDeepStrictEqual(before[key], value)) continue;
    merged[key] = key === 'notes' ? mergeNotes(base.notes, before.notes, value) : value;
  }
  for (const key of Object.keys(before)) if (!(key in after)) delete merged[key];
  return merged;
}

/** Appends new notes, so that the existing ones keep their spelling. */
function mergeNotes(base: unknown, before: unknown, after: unknown): unknown {
  if (!Array.isArray(base) || !Array.isArray(before) || !Array.isArray(after)) return after;
  const isAppended = isDeepStrictEqual(after.slice(0, before.length), before);
  return isAppended ? [...base, ...after.slice(before.length)] : after;
}

/** The keys of a breakdown's task that describe its run, not its definition. */
const RUN_KEYS = ['status', 'started_at', 'completed_at', 'result', 'attempts'];

/**
 * Merges what a ledger had written into a breakdown (`ours`) with what has been changed in the breakdown since. `plain` is
 * the task according to the breakdown's own keys (`fields`).
 */
export function mergeTransfer(
  ours: TaskTransfer,
  plain: TaskTransfer,
  fields: Readonly<Record<string, unknown>>,
): TaskTransfer {
  const written = fieldsOf(ours);
  const said = fieldsOf(plain);
  const hasChanged = (key: string) => !isDeepStrictEqual(written[key], said[key]);
  const { definition } = ours;
  const extra = Object.fromEntries(
    Object.entries(definition.extra)
      .filter(([key]) => key in fields)
      .map(([key]) => [key, fields[key]]),
  );
  return {
    definition: {
      ...definition,
      name: plain.definition.name,
      module: plain.definition.module,
      priority: plain.definition.priority,
      dependencies: plain.definition.dependencies,
      extra,
    },
    ...(RUN_KEYS.some(hasChanged) ? mergeRun(ours, plain) : { runs: ours.runs, history: ours.history }),
    notes: hasChanged('notes') ? plain.notes : ours.notes,
  };
}

/** Merges the current run. The breakdown wins; what it cannot express is kept, and so is the history. */
function mergeRun(ours: TaskTransfer, plain: TaskTransfer): Pick<TaskTransfer, 'runs' | 'history'> {
  const [last, told] = [ours.runs.at(-1), plain.runs.at(-1)];
  if (!last || !told) return plain;
  const { status, attempt, startedAt, endedAt, result, error, updatedAt } = told;
  const present = { ...last, status, attempt, startedAt, endedAt, result, error, updatedAt };
  const isNews = ({ at, event }: (typeof plain.history)[number]) =>
    !ours.history.some((known) => known.event === event && known.at === at);
  const news = plain.history.filter(isNews).map((entry) => ({ ...entry, run: last.run }));
  return { runs: [...ours.runs.slice(0, -1), present], history: [...ours.history, ...news] };
}
