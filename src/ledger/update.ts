import { percentage } from '../model/progress.ts';
import { refuseUnfitting } from './definitions.ts';
import { type Author, loadTask, recordMove, refuseStale } from './ledger-tasks.ts';
import { progressed, refuseMove } from './moves.ts';
import type { MoveOptions, TaskChange } from './options.ts';
import { changeStep } from './progress.ts';
import { redefine } from './registration.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskDefinition } from './types.ts';

/**
 * Changes a task's definition (`redefinition` makes the new one from the old), its progress, or both. Records nothing if
 * nothing changes.
 */
export function updateTask(
  tables: LedgerTables,
  id: string,
  { progress, step }: Pick<TaskChange, 'progress' | 'step'>,
  redefinition: ((before: TaskDefinition) => TaskDefinition) | null,
  { expectedVersion }: MoveOptions,
  author: Author,
): void {
  const task = loadTask(tables, id);
  refuseStale(task, expectedVersion);
  if (redefinition) {
    const definition = redefinition(task.definition);
    if (String(definition.dependencies) !== String(task.definition.dependencies))
      refuseUnfitting([definition], tables, { allowMissing: false });
    redefine(tables, definition, author);
  }
  if (progress === undefined && !step) return;

  const { run } = redefinition ? loadTask(tables, id) : task;
  refuseMove(run, 'update');
  const steps = step ? changeStep(run.steps, step, author.now) : run.steps;
  const figure = progress === undefined ? run.progress : percentage(progress);
  if (figure === run.progress && JSON.stringify(steps) === JSON.stringify(run.steps)) return;
  recordMove(tables, progressed(run, { progress: figure, steps }), author);
}
