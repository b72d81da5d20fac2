import { findCycle } from '../model/find-cycle.ts';
import { problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { LedgerError } from './ledger-error.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskDefinition } from './types.ts';

/** How much of a list of names is told. */
const NAMES_TOLD = 5;

/**
 * Throws a `LedgerError` where new definitions cannot stand beside what is there: an id twice, a dependency that
 * nobody knows (unless `allowMissing`), tasks that wait for each other.
 */
export function refuseUnfitting(
  definitions: readonly TaskDefinition[],
  tables: LedgerTables,
  { allowMissing }: { readonly allowMissing: boolean },
): void {
  const own = new Map(definitions.map((definition) => [definition.id, definition.dependencies]));
  if (own.size < definitions.length) {
    const ids = definitions.map(({ id }) => id);
    const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
    throw refusal(
      'definition',
      `the id ${named(repeated)} is there twice`,
      'give each task an id of its own',
    );
  }
  if (!allowMissing) refuseMissing(definitions, own, tables);
  const cycle = findCycle(
    [...own.keys()],
    (id) => own.get(id) ?? tables.dependencies([id]).map(({ dependsOn }) => dependsOn),
  );
  if (cycle)
    throw refusal(
      'cycle',
      `tasks would wait for each other: ${cycle.map(plainName).join(' → ')}`,
      'leave out one of these dependencies',
    );
}

function refuseMissing(
  definitions: readonly TaskDefinition[],
  own: ReadonlyMap<string, readonly string[]>,
  tables: LedgerTables,
): void {
  for (const { id, dependencies } of definitions) {
    const missing = dependencies.filter((needed) => !own.has(needed) && !tables.task(needed));
    if (missing.length === 0) continue;
    const words = `${plainName(id)} depends on ${named(missing)}, which the ledger does not have`;
    throw refusal('missing-dependency', words, 'register these first, or together with it');
  }
}

/** A few names, and how many more there are. */
export function named(ids: readonly string[]): string {
  const told = ids.slice(0, NAMES_TOLD).map((id) => plainName(id));
  const more = ids.length - told.length;
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(', ');
}

function refusal(
  code: 'definition' | 'cycle' | 'missing-dependency',
  words: string,
  hint: string,
): LedgerError {
  return new LedgerError(code, problem('not-allowed', 'degraded', words, hint));
}
