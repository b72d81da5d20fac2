import { problem } from '../model/problem.ts';
import { words } from '../model/text.ts';
import { named, refuseUnfitting } from './definitions.ts';
import type { DefinitionInput } from './format.ts';
import { LedgerError } from './ledger-error.ts';
import { type Author, loadTask, recordMove } from './ledger-tasks.ts';
import { beginRun, remarked } from './moves.ts';
import { encodeDefinitionRow, freshSteps } from './rows.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { StepState, TaskDefinition } from './types.ts';

export interface RegisterOptions {
  /** Replaces existing definitions; their runs continue. */
  readonly replace?: boolean;
  /** Allows dependencies that are not registered yet; the task waits for them. */
  readonly allowMissing?: boolean;
  readonly by?: string;
}

/** Registers definitions, each with its first run: all or none. Throws a `LedgerError` if they conflict with others. */
export function registerDefinitions(
  tables: LedgerTables,
  definitions: readonly TaskDefinition[],
  { replace = false, allowMissing = false }: RegisterOptions,
  author: Author,
): void {
  const known = new Set(definitions.map(({ id }) => id).filter((id) => tables.task(id) !== undefined));
  if (!replace && known.size > 0) throw alreadyKnown([...known]);
  refuseUnfitting(definitions, tables, { allowMissing });
  for (const definition of definitions) {
    if (known.has(definition.id)) redefine(tables, definition, author);
    else {
      insertDefinition(tables, definition, author.now);
      const run = beginRun(definition.id, definition.steps, author.now);
      recordMove(tables, { run, event: 'registered', from: null }, author);
    }
  }
}

export function insertDefinition(tables: LedgerTables, definition: TaskDefinition, now: number): void {
  tables.insertDefinition(encodeDefinitionRow(definition), now);
  tables.replaceDependencies(definition.id, definition.dependencies);
}

/** Replaces the definition with the same id, and records in the history which keys have changed. */
export function redefine(tables: LedgerTables, definition: TaskDefinition, author: Author): void {
  const { definition: before, run } = loadTask(tables, definition.id);
  const changed = changedKeys(before, definition);
  if (changed.length === 0) return;
  tables.updateDefinition(encodeDefinitionRow(definition), author.now);
  if (changed.includes('dependencies')) tables.replaceDependencies(definition.id, definition.dependencies);
  const steps = changed.includes('steps') ? keptSteps(run.steps, definition) : run.steps;
  recordMove(tables, remarked({ ...run, steps }, 'redefined', changed.join(', ')), author);
}

/** Returns a function that replaces these fields in a definition, and validates the result like a new one. */
export async function redefinitionBy(fields: Partial<DefinitionInput>) {
  const { decodeDefinition, encodeDefinition } = await import('./format.ts');
  return (before: TaskDefinition) => decodeDefinition({ ...encodeDefinition(before), ...fields });
}

function changedKeys(before: TaskDefinition, after: TaskDefinition): (keyof TaskDefinition)[] {
  const keys = Object.keys(after) as (keyof TaskDefinition)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** Returns the steps of a new definition; those whose names do not change keep their state. */
function keptSteps(steps: readonly StepState[], definition: TaskDefinition): StepState[] {
  const before = new Map(steps.map((step) => [step.name, step]));
  return freshSteps(definition.steps).map((step) => {
    return { ...step, ...before.get(step.name), weight: step.weight };
  });
}

export function alreadyKnown(ids: readonly string[]): LedgerError {
  return new LedgerError(
    'known-task',
    problem(
      'not-allowed',
      'degraded',
      words`the ledger already has ${named(ids)}`,
      'use --replace to redefine it',
    ),
  );
}
