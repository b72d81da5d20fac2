import { jsonObject } from '../model/json.ts';
import type { DefinitionInput } from './format.ts';

/** Stands as `format` in what a ledger writes: exports, and definitions to start from. */
export const LEDGER_FORMAT = 'taskglass-ledger';

/** Keys that only definitions have, among those lists of tasks that we know. */
const DEFINITION_KEYS = [
  'verification',
  'beforeCompletion',
  'afterCompletion',
  'rollback',
  'steps',
  'job',
] as const satisfies readonly (keyof DefinitionInput)[];

/**
 * Tells whether this JSON document is a ledger's export, or a file of definitions. Those say what is to be done, but
 * nothing of how it stands: they are no source by themselves, although they have `tasks` as a task breakdown has.
 */
export function isLedgerDocument(document: Readonly<Record<string, unknown>>): boolean {
  if (document.format === LEDGER_FORMAT) return true;
  if (!Array.isArray(document.tasks) || 'generated_at' in document) return false;
  const tasks = document.tasks.map(jsonObject).filter((task) => task !== null);
  if (tasks.some((task) => 'status' in task)) return false;
  return tasks.some((task) => DEFINITION_KEYS.some((key) => key in task));
}

/** Tells whether it is an export, with what has become of the tasks. */
export function isLedgerExport(document: Readonly<Record<string, unknown>>): boolean {
  if (document.format !== LEDGER_FORMAT || !Array.isArray(document.tasks)) return false;
  return document.tasks.some((task) => 'definition' in (jsonObject(task) ?? {}));
}
