import { findCycle } from '../model/find-cycle.ts';
import { problem } from '../model/problem.ts';
import { joined, type PlainText, plainName, words } from '../model/text.ts';
import { LedgerError } from './ledger-error.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskDefinition } from './types.ts';

/** How many names of a list a message contains. */
const NAMES_TOLD = 5;

/**
 * Throws a `LedgerError` if new definitions conflict with each other or with existing ones: a repeated id, an unknown
 * dependency (unless `allowMissing`), a cycle of dependencies.
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
      words`the id ${named(repeated)} occurs twice`,
      words`give each task an id of its own`,
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
      words`tasks would wait for each other: ${joined(cycle.map(plainName), ' → ')}`,
      words`remove one of these dependencies`,
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
    const said = words`${plainName(id)} depends on ${named(missing)}, which the ledger does not have`;
    throw refusal('missing-dependency', said, words`register these first, or together with it`);
  }
}

/** Returns the first few names, and how many more there are. */
export function named(ids: readonly string[]): PlainText {
  const told = ids.slice(0, NAMES_TOLD).map((id) => plainName(id));
  const more = ids.length - told.length;
  return more > 0 ? words`${joined(told, ', ')} and ${more} more` : joined(told, ', ');
}

function refusal(
  code: 'definition' | 'cycle' | 'missing-dependency',
  said: PlainText,
  hint: PlainText,
): LedgerError {
  return new LedgerError(code, problem('not-allowed', 'degraded', said, hint));
}
