import type { StatementSync } from 'node:sqlite';
import type { Database } from '../../storage/transaction.ts';
import type { HistoryEntry } from '../history-entry.ts';
import {
  DEFINITION_COLUMNS,
  type DefinitionRow,
  type DependencyRow,
  HISTORY_COLUMNS,
  type NoteRow,
  STATUS_COLUMNS,
  type StatusRow,
  type TaskRow,
} from './rows.ts';
import { countTasks, type SqlValue, selectTasks, type TaskFilter } from './select-tasks.ts';

/** Which lines of the history; the oldest first. */
export interface HistoryFilter {
  readonly task?: string;
  readonly run?: number;
  /** Written at or after, epoch ms. */
  readonly since?: number;
  /** Written after the line of this id. */
  readonly afterId?: number;
  readonly limit?: number;
}

/** The ledger's tables, read and written row by row. Knows no rules but those of the schema; throws SQLite's errors. */
export type LedgerTables = ReturnType<typeof createLedgerTables>;

export function createLedgerTables(database: Database) {
  const prepared = new Map<string, StatementSync>();

  /** Statements are kept: preparing one costs more than most of them take. */
  function statement(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  }
  const all = <T>(sql: string, ...values: (SqlValue | null)[]) =>
    statement(sql).all(...values) as unknown as T[];
  const get = <T>(sql: string, ...values: (SqlValue | null)[]) =>
    statement(sql).get(...values) as unknown as T | undefined;
  const run = (sql: string, ...values: (SqlValue | null)[]) => Number(statement(sql).run(...values).changes);

  return {
    tasks(filter: TaskFilter): TaskRow[] {
      const { sql, values } = selectTasks(filter);
      return all(sql, ...values);
    },
    count(filter: TaskFilter): number {
      const { sql, values } = countTasks(filter);
      return get<{ count: number }>(sql, ...values)?.count ?? 0;
    },
    task: (id: string) =>
      get<TaskRow>(
        `SELECT ${DEFINITION_COLUMNS}, ${STATUS_COLUMNS} FROM task_definitions d
         JOIN task_statuses s ON s.task = d.id AND s.is_current = 1 WHERE d.id = ?`,
        id,
      ),
    ids: (limit: number) =>
      all<{ id: string }>('SELECT id FROM task_definitions LIMIT ?', limit).map(({ id }) => id),

    /** The dependencies of these tasks, in the order of their definitions. */
    dependencies: (tasks: readonly string[]) =>
      all<DependencyRow>(
        `SELECT task, depends_on AS dependsOn FROM task_dependencies
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, position`,
        JSON.stringify(tasks),
      ),
    /** Of pending ones among these tasks: what they wait for. */
    unfinishedDependencies: (tasks: readonly string[]) =>
      all<DependencyRow>(
        `SELECT p.task, p.depends_on AS dependsOn FROM task_dependencies p
         LEFT JOIN task_statuses q ON q.task = p.depends_on AND q.is_current = 1
         WHERE p.task IN (SELECT value FROM json_each(?))
           AND (q.status IS NULL OR q.status <> 'completed' OR q.claim IS NOT NULL)
         ORDER BY p.task, p.position`,
        JSON.stringify(tasks),
      ),
    dependents: (id: string) =>
      all<{ task: string }>('SELECT task FROM task_dependencies WHERE depends_on = ? ORDER BY task', id).map(
        ({ task }) => task,
      ),

    /** Every run, the oldest first; those of one task, or all that changed since. */
    runs: (filter: { readonly task?: string; readonly since?: number }) =>
      filter.task === undefined
        ? all<TaskRow>(
            `SELECT ${DEFINITION_COLUMNS}, ${STATUS_COLUMNS} FROM task_statuses s
             JOIN task_definitions d ON d.id = s.task WHERE s.updated_at >= ? ORDER BY s.updated_at, s.task, s.run`,
            filter.since ?? Number.MIN_SAFE_INTEGER,
          )
        : all<TaskRow>(
            `SELECT ${DEFINITION_COLUMNS}, ${STATUS_COLUMNS} FROM task_statuses s
             JOIN task_definitions d ON d.id = s.task WHERE s.task = ? AND s.updated_at >= ? ORDER BY s.run`,
            filter.task,
            filter.since ?? Number.MIN_SAFE_INTEGER,
          ),
    /** Every run of these tasks, the oldest first. */
    runsOf: (tasks: readonly string[]) =>
      all<StatusRow>(
        `SELECT ${STATUS_COLUMNS} FROM task_statuses s
         WHERE s.task IN (SELECT value FROM json_each(?)) ORDER BY s.task, s.run`,
        JSON.stringify(tasks),
      ),
    history(filter: HistoryFilter): HistoryEntry[] {
      const conditions = ['id > ?'];
      const values: SqlValue[] = [filter.afterId ?? 0];
      const add = (condition: string, value: SqlValue | undefined) => {
        if (value === undefined) return;
        conditions.push(condition);
        values.push(value);
      };
      add('task = ?', filter.task);
      add('run = ?', filter.run);
      add('at >= ?', filter.since);
      return all(
        `SELECT ${HISTORY_COLUMNS} FROM task_status_history WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?`,
        ...values,
        filter.limit ?? -1,
      );
    },
    /** The history of these tasks, the oldest line first. */
    historyOf: (tasks: readonly string[]) =>
      all<HistoryEntry>(
        `SELECT ${HISTORY_COLUMNS} FROM task_status_history
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, id`,
        JSON.stringify(tasks),
      ),
    lastHistoryId: () => get<{ id: number | null }>('SELECT max(id) AS id FROM task_status_history')?.id ?? 0,
    /** Notes of these tasks, the oldest first. */
    notes: (tasks: readonly string[]) =>
      all<NoteRow>(
        `SELECT task, at, by, text FROM task_notes
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, id`,
        JSON.stringify(tasks),
      ),
    /** Runs whose claim has run out: whoever held it has died. */
    abandoned: (nowMs: number) =>
      all<StatusRow>(
        `SELECT ${STATUS_COLUMNS} FROM task_statuses s WHERE s.claim IS NOT NULL AND s.claim_until < ?`,
        nowMs,
      ),

    insertDefinition: (row: DefinitionRow, nowMs: number) =>
      run(
        'INSERT INTO task_definitions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...definitionValues(row),
        nowMs,
        nowMs,
      ),
    updateDefinition: (row: DefinitionRow, nowMs: number) =>
      run(
        `UPDATE task_definitions SET name = ?, description = ?, job = ?, module = ?, priority = ?, document = ?,
           updated_at = ? WHERE id = ?`,
        ...definitionValues(row).slice(1),
        nowMs,
        row.id,
      ),
    deleteDefinition: (id: string) => run('DELETE FROM task_definitions WHERE id = ?', id),
    replaceDependencies(task: string, dependencies: readonly string[]): void {
      run('DELETE FROM task_dependencies WHERE task = ?', task);
      dependencies.forEach((id, position) =>
        run('INSERT INTO task_dependencies VALUES (?, ?, ?)', task, position, id),
      );
    },
    insertStatus: (row: StatusRow) =>
      run(
        `INSERT INTO task_statuses VALUES (${Array.from({ length: 19 }, () => '?').join(', ')})`,
        ...statusValues(row),
      ),
    /** Writes a run back that was read as `version`; tells whether it still was that. */
    updateStatus: (row: StatusRow, version: number): boolean =>
      run(
        `UPDATE task_statuses SET task = ?, run = ?, is_current = ?, status = ?, attempt = ?, job_run = ?, progress = ?,
           steps = ?, result = ?, error = ?, verified_at = ?, is_forced = ?, claim = ?, claim_until = ?, version = ?,
           created_at = ?, started_at = ?, ended_at = ?, updated_at = ? WHERE task = ? AND run = ? AND version = ?`,
        ...statusValues(row),
        row.task,
        row.run,
        version,
      ) === 1,
    /** The run is not the present one any more, and nobody's. */
    retireRun: (task: string, number: number) =>
      run(
        `UPDATE task_statuses SET is_current = 0, claim = NULL, claim_until = NULL WHERE task = ? AND run = ?`,
        task,
        number,
      ),
    /** Lets go of a run without changing it. */
    releaseClaim: (task: string, claim: string) =>
      run(
        'UPDATE task_statuses SET claim = NULL, claim_until = NULL WHERE task = ? AND is_current = 1 AND claim = ?',
        task,
        claim,
      ),
    insertHistory(row: Omit<HistoryEntry, 'id'>): void {
      run(
        `INSERT INTO task_status_history
           (task, run, attempt, event, from_status, to_status, at, by, reason, output, progress)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[row.task, row.run, row.attempt, row.event, row.from, row.to],
        ...[row.at, row.by, row.reason, row.output, row.progress],
      );
    },
    insertNote: (row: NoteRow) =>
      run(
        'INSERT INTO task_notes (task, at, by, text) VALUES (?, ?, ?, ?)',
        row.task,
        row.at,
        row.by,
        row.text,
      ),
  };
}

function definitionValues(row: DefinitionRow) {
  return [row.id, row.name, row.description, row.job, row.module, row.priority, row.document] as const;
}

function statusValues(row: StatusRow): (SqlValue | null)[] {
  return [
    ...[row.task, row.run, row.isCurrent, row.status, row.attempt, row.jobRun, row.progress, row.steps],
    ...[row.result, row.error, row.verifiedAt, row.isForced, row.claim, row.claimUntil, row.version],
    ...[row.createdAt, row.startedAt, row.endedAt, row.updatedAt],
  ];
}
