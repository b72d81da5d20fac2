import {
  DEFINITION_COLUMNS,
  type DefinitionRow,
  type DependencyRow,
  STATUS_COLUMNS,
  type TaskRow,
} from './rows.ts';
import { countTasks, selectTasks, type TaskFilter } from './select-tasks.ts';
import type { Statements } from './statements.ts';

/** Returns access to the tables of definitions, each with its current run, and of their dependencies. */
export function definitionTables({ all, get, run }: Statements) {
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

    /** Returns the dependencies of these tasks, in the order of their definitions. */
    dependencies: (tasks: readonly string[]) =>
      all<DependencyRow>(
        `SELECT task, depends_on AS dependsOn FROM task_dependencies
         WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, position`,
        JSON.stringify(tasks),
      ),
    /** Returns the dependencies of these tasks that are not completed. */
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
  };
}

function definitionValues(row: DefinitionRow) {
  return [row.id, row.name, row.description, row.job, row.module, row.priority, row.document] as const;
}
