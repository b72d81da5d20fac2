import { createHash } from 'node:crypto';
import type { Database } from '../../storage/transaction.ts';

/** How much of a text counts; of what is longer, its length counts too. In characters. */
const TEXT_LENGTH = 4_000;

/** All that is shown of a task and may be changed by a plain `UPDATE`. */
const DEFINITION = ['id', 'name', 'description', 'job', 'module', 'priority'].map((name) => `d.${name}`);
const RUN = [
  'run',
  'status',
  'attempt',
  'job_run',
  'progress',
  'verified_at',
  'is_forced',
  'claim',
  'created_at',
]
  .concat('started_at', 'ended_at', 'updated_at')
  .map((name) => `s.${name}`);
const LONG_TEXTS = ['d.document', 's.steps', 's.result', 's.error'].flatMap((name) => [
  `substr(${name}, 1, ${TEXT_LENGTH})`,
  `length(${name})`,
]);
const TASKS = `SELECT group_concat(${concatenated([...DEFINITION, ...RUN, ...LONG_TEXTS])}, char(30)) AS text
  FROM (SELECT * FROM task_definitions WHERE id > ?1 AND (?2 IS NULL OR id <= ?2) ORDER BY id) d
  JOIN task_statuses s ON s.task = d.id AND s.is_current = 1`;
const OTHERS = `SELECT
  (SELECT group_concat(task || char(31) || depends_on, char(30)) FROM task_dependencies
    WHERE task > ?1 AND (?2 IS NULL OR task <= ?2)) AS dependencies,
  (SELECT count(*) || ' ' || coalesce(max(id), 0) || ' ' || coalesce(sum(length(text)), 0) FROM task_notes
    WHERE task > ?1 AND (?2 IS NULL OR task <= ?2)) AS notes`;

/**
 * Tells two states of a page of tasks apart: those after the id `after`, up to `last` (to the end where that is null).
 * Twenty times as fast as reading them.
 */
export function markPage(database: Database, after: string, last: string | null): string {
  const tasks = database.prepare(TASKS).get(after, last);
  const others = database.prepare(OTHERS).get(after, last);
  return createHash('sha1')
    .update(JSON.stringify([tasks?.text, others?.dependencies, others?.notes]))
    .digest('base64');
}

function concatenated(columns: readonly string[]): string {
  return columns.map((column) => `coalesce(${column}, char(0))`).join(' || char(31) || ');
}
