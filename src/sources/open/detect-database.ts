import { stat } from 'node:fs/promises';
import { readUntouched } from '../../storage/read-untouched.ts';
import type { Database } from '../../storage/transaction.ts';

/** What kind of source a database can be; one can be both. */
export type DatabaseFormat = 'job-runs' | 'ledger';

/** Returns what a database contains, judging by its tables; nothing if it contains something else or cannot be read now. */
export async function detectDatabaseFormats(path: string): Promise<readonly DatabaseFormat[]> {
  try {
    if (!(await stat(path)).isFile()) return [];
    const reading = readUntouched(path, readTableNames);
    return 'value' in reading ? formatsOf(reading.value) : [];
  } catch {
    return [];
  }
}

function readTableNames(database: Database): ReadonlySet<string> {
  const rows = database
    .prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type IN ('table', 'view')")
    .all();
  return new Set(rows.map(({ name }) => String(name)));
}

function formatsOf(tables: ReadonlySet<string>): DatabaseFormat[] {
  const formats: DatabaseFormat[] = [];
  if (tables.has('job_runs')) formats.push('job-runs');
  if (tables.has('task_definitions') && tables.has('task_statuses')) formats.push('ledger');
  return formats;
}
