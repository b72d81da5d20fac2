import { DEFINITION_COLUMNS, STATUS_COLUMNS, type StatusRow, type TaskRow } from './rows.ts';
import type { SqlValue } from './select-tasks.ts';
import type { Statements } from './statements.ts';

/** Returns access to the table of the tasks' runs. */
export function runTable({ all, run }: Statements) {
  return {
    /** Returns runs, the oldest first: those of one task, or all that have changed since a time. */
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
    /** Returns all runs of these tasks, the oldest first. */
    runsOf: (tasks: readonly string[]) =>
      all<StatusRow>(
        `SELECT ${STATUS_COLUMNS} FROM task_statuses s
         WHERE s.task IN (SELECT value FROM json_each(?)) ORDER BY s.task, s.run`,
        JSON.stringify(tasks),
      ),
    /** Returns the runs whose claim has expired, because its holder died. */
    abandoned: (nowMs: number) =>
      all<StatusRow>(
        `SELECT ${STATUS_COLUMNS} FROM task_statuses s WHERE s.claim IS NOT NULL AND s.claim_until < ?`,
        nowMs,
      ),

    insertStatus: (row: StatusRow) =>
      run(
        `INSERT INTO task_statuses VALUES (${Array.from({ length: 19 }, () => '?').join(', ')})`,
        ...statusValues(row),
      ),
    /** Writes back a run that was read as `version`; returns false if it has changed since. */
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
    /** Makes a run no longer the current one, and releases its claim. */
    retireRun: (task: string, number: number) =>
      run(
        `UPDATE task_statuses SET is_current = 0, claim = NULL, claim_until = NULL WHERE task = ? AND run = ?`,
        task,
        number,
      ),
    /** Releases a claim without changing the run otherwise. */
    releaseClaim: (task: string, claim: string) =>
      run(
        'UPDATE task_statuses SET claim = NULL, claim_until = NULL WHERE task = ? AND is_current = 1 AND claim = ?',
        task,
        claim,
      ),
  };
}

function statusValues(row: StatusRow): (SqlValue | null)[] {
  return [
    ...[row.task, row.run, row.isCurrent, row.status, row.attempt, row.jobRun, row.progress, row.steps],
    ...[row.result, row.error, row.verifiedAt, row.isForced, row.claim, row.claimUntil, row.version],
    ...[row.createdAt, row.startedAt, row.endedAt, row.updatedAt],
  ];
}
