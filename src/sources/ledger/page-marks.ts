import { createHash } from 'node:crypto';
import type { Database } from '../../storage/transaction.ts';

/** How many characters of a text count; of a longer one, its length counts too. */
const TEXT_LENGTH = 4_000;

/** Everything that is shown of a task, table by table; `task` is the column by which its rows are found. */
const TABLES = [
  {
    table: 'task_definitions',
    task: 'id',
    columns: ['name', 'job', 'module', 'priority'],
    texts: ['description', 'document'],
  },
  {
    table: 'task_statuses',
    task: 'task',
    columns: [
      'run',
      'is_current',
      'status',
      'attempt',
      'job_run',
      'progress',
      'verified_at',
      'is_forced',
    ].concat('claim', 'created_at', 'started_at', 'ended_at', 'updated_at'),
    texts: ['steps', 'result', 'error'],
  },
  { table: 'task_dependencies', task: 'task', columns: ['position', 'depends_on'], texts: [] },
  { table: 'task_notes', task: 'task', columns: ['id', 'at', 'by'], texts: ['text'] },
];

/** Joins each table's rows into one text: SQLite does that five times as fast as it returns rows. */
const STATEMENTS = TABLES.map(({ table, task, columns, texts }) => {
  const parts = [
    ...columns,
    ...texts.flatMap((text) => [`substr(${text}, 1, ${TEXT_LENGTH})`, `length(${text})`]),
  ];
  const known = parts.map((part) => `coalesce(${part}, '')`); // or a value that moves to the next column would go unnoticed
  return `SELECT group_concat(concat_ws('|', ${task}, ${known.join(', ')}), '&') AS text
    FROM (SELECT * FROM ${table} WHERE ${task} > ?1 AND ${task} <= ?2 ORDER BY ${task})`;
});

/** Sorts after every id. */
const LAST_ID = '\u{10ffff}'.repeat(8);

/**
 * Returns a text that differs between two states of a page of tasks: those after the id `after`, up to `last` (to the end if
 * that is null).
 */
export function markPage(database: Database, after: string, last: string | null): string {
  const hash = createHash('sha1');
  for (const sql of STATEMENTS) hash.update(`${database.prepare(sql).get(after, last ?? LAST_ID)?.text}\n`);
  return hash.digest('base64');
}
