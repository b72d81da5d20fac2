import type { HistoryEntry } from '../history-entry.ts';
import { HISTORY_COLUMNS, type NoteRow } from './rows.ts';
import type { SqlValue } from './select-tasks.ts';
import type { Statements } from './statements.ts';

/** Which lines of the history to return, the oldest first. */
export interface HistoryFilter {
  readonly task?: string;
  readonly run?: number;
  /** Written at or after, epoch ms. */
  readonly since?: number;
  /** Written after the line with this id. */
  readonly afterId?: number;
  readonly limit?: number;
}

/** Returns access to the tables of the tasks' history and notes. */
export function historyTables({ all, get, run }: Statements) {
  return {
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
    /** Returns the history of these tasks, the oldest line first. */
    historyOf: (tasks: readonly string[]) =>
      all<HistoryEntry>(
        `SELECT ${HISTORY_COLUMNS} FROM task_status_history
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, id`,
        JSON.stringify(tasks),
      ),
    lastHistoryId: () => get<{ id: number | null }>('SELECT max(id) AS id FROM task_status_history')?.id ?? 0,
    /** Returns the notes on these tasks, the oldest first. */
    notes: (tasks: readonly string[]) =>
      all<NoteRow>(
        `SELECT task, at, by, text FROM task_notes
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, id`,
        JSON.stringify(tasks),
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
