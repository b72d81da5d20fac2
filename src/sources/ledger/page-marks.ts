import { createHash } from 'node:crypto';
import type { Database } from '../../storage/transaction.ts';

/** How much of a text counts; of what is longer, its length counts too. In characters. */
const TEXT_LENGTH = 4_000;

/** All that is shown of a task, table by table; `task` stands for what its rows are found by. */
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

/** One text of each table's rows: SQLite puts it together five times as fast as rows are read. */
const STATEMENTS = TABLES.map(({ table, task, columns, texts }) => {
  const parts = [
    ...columns,
    ...texts.flatMap((text) => [`substr(${text}, 1, ${TEXT_LENGTH})`, `length(${text})`]),
  ];
  const known = parts.map((part) => `coalesce(${part}, '')`); // or a value that moves to the next column is not seen
  return `SELECT group_concat(concat_ws('|', ${task}, ${known.join(', ')}), '&') AS text
    FROM (SELECT * FROM ${table} WHERE ${task} > ?1 AND ${task} <= ?2 ORDER BY ${task})`;
});

/** Behind every id. */
const LAST_ID = '\u{10ffff}'.repeat(8);

/** Tells two states of a page of tasks apart: those after the id `after`, up to `last` (to the end where that is null). */
export function markPage(database: Database, after: string, last: string | null): string {
  const hash = createHash('sha1');
  for (const sql of STATEMENTS) hash.update(`${database.prepare(sql).get(after, last ?? LAST_ID)?.text}\n`);
  return hash.digest('base64');
}
