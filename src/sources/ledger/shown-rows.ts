import type { Database } from '../../storage/transaction.ts';

/**
 * A task's row, as it is read to be shown: without its commands, which may contain secrets. The file may be anybody's, so each
 * value is unknown until `shown-task.ts` has read it.
 */
export interface ShownRow {
  readonly id: string;
  readonly name: unknown;
  readonly description: unknown;
  readonly job: unknown;
  readonly module: unknown;
  readonly priority: unknown;
  /** JSON. */
  readonly labels: unknown;
  readonly run: unknown;
  readonly status: unknown;
  readonly attempt: unknown;
  readonly jobRun: unknown;
  readonly progress: unknown;
  /** JSON. */
  readonly steps: unknown;
  readonly result: unknown;
  readonly error: unknown;
  readonly verifiedAt: unknown;
  readonly isForced: unknown;
  readonly isClaimed: unknown;
  readonly createdAt: unknown;
  readonly startedAt: unknown;
  readonly endedAt: unknown;
  readonly updatedAt: unknown;
}

/** Rows with everything that belongs to each: by task id, in the order in which it was written. */
export interface ShownRows {
  readonly rows: readonly ShownRow[];
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly notes: ReadonlyMap<string, readonly NoteRow[]>;
  /** The durations of completed earlier runs, ms. */
  readonly durations: ReadonlyMap<string, readonly number[]>;
}

export interface NoteRow {
  readonly at: unknown;
  readonly by: unknown;
  readonly text: unknown;
}

const COLUMNS = `d.id, d.name, d.description, d.job, d.module, d.priority, d.document ->> '$.labels' AS labels, s.run,
  s.status, s.attempt, s.job_run AS jobRun, s.progress, s.steps, s.result, s.error, s.verified_at AS verifiedAt,
  s.is_forced AS isForced, s.claim IS NOT NULL AS isClaimed, s.created_at AS createdAt, s.started_at AS startedAt,
  s.ended_at AS endedAt, s.updated_at AS updatedAt`;
const FROM = 'FROM task_definitions d JOIN task_statuses s ON s.task = d.id AND s.is_current = 1';

/** Reads the next tasks after the id `after` ('' at the beginning), by id. */
export function readPage(database: Database, after: string, limit: number): ShownRows {
  const rows = database
    .prepare(`SELECT ${COLUMNS} ${FROM} WHERE d.id > ? ORDER BY d.id LIMIT ?`)
    .all(after, limit) as unknown as ShownRow[];
  const last = rows.at(-1)?.id ?? after;
  return withBelongings(database, rows, 'task > ? AND task <= ?', [after, last]);
}

/** Reads all tasks after the id `after`, up to `last` (to the end if that is null). */
export function readRange(database: Database, after: string, last: string | null): ShownRows {
  const rows = database
    .prepare(`SELECT ${COLUMNS} ${FROM} WHERE d.id > ?1 AND (?2 IS NULL OR d.id <= ?2) ORDER BY d.id`)
    .all(after, last) as unknown as ShownRow[];
  return withBelongings(database, rows, 'task > ? AND task <= ?', [after, last ?? rows.at(-1)?.id ?? after]);
}

/** Reads these tasks; the result lacks those that are gone. */
export function readTasks(database: Database, ids: readonly string[]): ShownRows {
  const list = JSON.stringify(ids);
  const rows = database
    .prepare(`SELECT ${COLUMNS} ${FROM} WHERE d.id IN (SELECT value FROM json_each(?))`)
    .all(list) as unknown as ShownRow[];
  return withBelongings(database, rows, 'task IN (SELECT value FROM json_each(?))', [list]);
}

function withBelongings(
  database: Database,
  rows: readonly ShownRow[],
  which: string,
  values: readonly string[],
): ShownRows {
  const grouped = <T>(sql: string, pick: (row: Record<string, unknown>) => T) => {
    const groups = new Map<string, T[]>();
    for (const row of database.prepare(sql).iterate(...values)) {
      const group = groups.get(String(row.task));
      if (group) group.push(pick(row));
      else groups.set(String(row.task), [pick(row)]);
    }
    return groups;
  };
  return {
    rows,
    dependencies: grouped(
      `SELECT task, depends_on FROM task_dependencies WHERE ${which} ORDER BY task, position`,
      ({ depends_on }) => String(depends_on),
    ),
    notes: grouped(
      `SELECT task, at, by, text FROM task_notes WHERE ${which} ORDER BY task, id`,
      ({ at, by, text }): NoteRow => ({ at, by, text }),
    ),
    durations: grouped(
      `SELECT task, ended_at - started_at AS ms FROM task_statuses
       WHERE ${which} AND is_current = 0 AND status = 'completed' AND ended_at >= started_at ORDER BY task, run`,
      ({ ms }) => Number(ms),
    ),
  };
}
