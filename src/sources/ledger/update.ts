import { percentage } from '../../model/progress.ts';
import type { LedgerTables } from '../../storage/ledger/tables.ts';
import { refuseUnfitting } from './definitions.ts';
import { decodeDefinition, encodeDefinition } from './format.ts';
import { type Author, loadTask, recordMove, refuseStale } from './ledger-tasks.ts';
import { progressed, refuseMove } from './moves.ts';
import type { MoveOptions, TaskChange } from './options.ts';
import { changeStep } from './progress.ts';
import { redefine } from './registration.ts';

/** Changes a task's definition, its progress, or both. What changes nothing is not written down. */
export function updateTask(
  tables: LedgerTables,
  id: string,
  { progress, step, ...fields }: TaskChange,
  { expectedVersion }: MoveOptions,
  author: Author,
): void {
  const task = loadTask(tables, id);
  refuseStale(task, expectedVersion);
  if (Object.keys(fields).length > 0) {
    const definition = decodeDefinition({ ...encodeDefinition(task.definition), ...fields });
    if (fields.dependencies) refuseUnfitting([definition], tables, { allowMissing: false });
    redefine(tables, definition, author);
  }
  if (progress === undefined && !step) return;

  const { run } = loadTask(tables, id);
  refuseMove(run, 'update');
  const steps = step ? changeStep(run.steps, step, author.now) : run.steps;
  const figure = progress === undefined ? run.progress : percentage(progress);
  if (figure === run.progress && JSON.stringify(steps) === JSON.stringify(run.steps)) return;
  recordMove(tables, progressed(run, { progress: figure, steps }), author);
}
