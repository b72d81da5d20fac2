import { jsonObject } from '../model/json.ts';
import type { DefinitionInput } from './format.ts';

/** The value of `format` in documents that a ledger writes: exports, and definitions to start from. */
export const LEDGER_FORMAT = 'taskglass-ledger';

/** Keys that, of all the lists of tasks that we know, only definitions have. */
const DEFINITION_KEYS = [
  'verification',
  'beforeCompletion',
  'afterCompletion',
  'rollback',
  'steps',
  'job',
] as const satisfies readonly (keyof DefinitionInput)[];

/**
 * Tells whether a JSON document is a ledger's export, or a file of definitions. Definitions contain no statuses, so they are
 * not a source, although they have `tasks` as a task breakdown does.
 */
export function isLedgerDocument(document: Readonly<Record<string, unknown>>): boolean {
  if (document.format === LEDGER_FORMAT) return true;
  if (!Array.isArray(document.tasks) || 'generated_at' in document) return false;
  const tasks = document.tasks.map(jsonObject).filter((task) => task !== null);
  if (tasks.some((task) => 'status' in task)) return false;
  return tasks.some((task) => DEFINITION_KEYS.some((key) => key in task));
}

/** Tells whether a document is an export, which includes the tasks' statuses. */
export function isLedgerExport(document: Readonly<Record<string, unknown>>): boolean {
  if (document.format !== LEDGER_FORMAT || !Array.isArray(document.tasks)) return false;
  return document.tasks.some((task) => 'definition' in (jsonObject(task) ?? {}));
}
