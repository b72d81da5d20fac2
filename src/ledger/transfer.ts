import { refuseUnfitting } from './definitions.ts';
import { LEDGER_FORMAT } from './document.ts';
import type { HistoryEntry } from './history-entry.ts';
import { type Author, loadTask, recordMove } from './ledger-tasks.ts';
import { beginRun } from './moves.ts';
import { alreadyKnown, insertDefinition } from './registration.ts';
import { decodeDefinitionRow, decodeHistoryRow, decodeRunRow, encodeRunRow, withoutClaim } from './rows.ts';
import type { TaskRow } from './sql/rows.ts';
import type { LedgerTables } from './sql/tables.ts';
import { commandsRefused, newCommands, type TaskCommand } from './task-commands.ts';
import type { LedgerTransfer, TaskDefinition, TaskQuery, TaskRun, TaskTransfer } from './types.ts';

export interface ImportOptions {
  /** What to do if a task exists already: refuse the whole import (the default), skip the task, or replace it completely. */
  readonly onConflict?: 'refuse' | 'skip' | 'replace';
  /** Allows unknown dependencies; tasks that have them wait. */
  readonly allowMissing?: boolean;
  /** Allows tasks with commands, which are run when the tasks are completed or fail. Refused by default. */
  readonly allowCommands?: boolean;
  readonly by?: string;
}

export interface ImportReport {
  readonly imported: readonly string[];
  readonly skipped: readonly string[];
  /** The imported commands that this ledger did not have before. */
  readonly commands: readonly TaskCommand[];
}

/** A run, with the fields that identify its task. */
export type ReportedRun = TaskRun & Pick<TaskDefinition, 'name' | 'job' | 'module' | 'priority'>;

export function readRuns(
  tables: LedgerTables,
  filter: { readonly task?: string; readonly since?: number },
): ReportedRun[] {
  return tables.runs(filter).map((row) => {
    const { name, job, module, priority } = row;
    return { ...withoutClaim(decodeRunRow(row)), name, job, module, priority };
  });
}

/** How many tasks are read at once: a statement for each task would take longer than reading its rows. */
const PAGE_LENGTH = 1_000;

/** Exports tasks, with their runs, history and notes. */
export function exportTasks(tables: LedgerTables, query: TaskQuery, now: number): LedgerTransfer {
  const rows = tables.tasks(query);
  const tasks: TaskTransfer[] = [];
  for (let at = 0; at < rows.length; at += PAGE_LENGTH)
    tasks.push(...exportPage(tables, rows.slice(at, at + PAGE_LENGTH)));
  return { format: LEDGER_FORMAT, version: 1, exportedAt: now, tasks };
}

function exportPage(tables: LedgerTables, rows: readonly TaskRow[]): TaskTransfer[] {
  const ids = rows.map(({ id }) => id);
  const dependencies = Map.groupBy(tables.dependencies(ids), ({ task }) => task);
  const runs = Map.groupBy(tables.runsOf(ids), ({ task }) => task);
  const history = Map.groupBy(tables.historyOf(ids), ({ task }) => task);
  const notes = Map.groupBy(tables.notes(ids), ({ task }) => task);
  return rows.map((row) => {
    const needed = (dependencies.get(row.id) ?? []).map(({ dependsOn }) => dependsOn);
    return {
      definition: decodeDefinitionRow(row, needed),
      runs: (runs.get(row.id) ?? []).map((run) => withoutClaim(decodeRunRow(run))),
      history: (history.get(row.id) ?? []).map(decodeHistoryRow),
      notes: (notes.get(row.id) ?? []).map((note) => ({ ...note })),
    };
  });
}

/** Imports tasks, all or none. Throws a `LedgerError` if they conflict with existing ones. */
export function importTasks(
  tables: LedgerTables,
  { tasks }: LedgerTransfer,
  { onConflict = 'refuse', allowMissing = false, allowCommands = false }: ImportOptions,
  author: Author,
): ImportReport {
  const known = new Set(
    tasks.map(({ definition }) => definition.id).filter((id) => tables.task(id) !== undefined),
  );
  if (known.size > 0 && onConflict === 'refuse') throw alreadyKnown([...known]);
  const wanted = onConflict === 'skip' ? tasks.filter(({ definition }) => !known.has(definition.id)) : tasks;
  refuseUnfitting(
    wanted.map(({ definition }) => definition),
    tables,
    { allowMissing },
  );
  const commands = wanted.flatMap(({ definition }) =>
    newCommands(definition, known.has(definition.id) ? loadTask(tables, definition.id).definition : null),
  );
  if (commands.length > 0 && !allowCommands) throw commandsRefused(commands);
  for (const task of wanted) {
    if (known.has(task.definition.id)) tables.deleteDefinition(task.definition.id);
    importTask(tables, task, author);
  }
  const imported = wanted.map(({ definition }) => definition.id);
  return { imported, skipped: [...known].filter((id) => !imported.includes(id)), commands };
}

function importTask(
  tables: LedgerTables,
  { definition, runs, history, notes }: TaskTransfer,
  author: Author,
): void {
  const { id: task, steps } = definition;
  insertDefinition(tables, definition, runs[0]?.createdAt ?? author.now);
  if (runs.length === 0)
    recordMove(tables, { run: beginRun(task, steps, author.now), event: 'registered', from: null }, author);
  for (const [index, run] of runs.entries())
    importRun(tables, { ...run, task }, index === runs.length - 1, history, author);
  for (const note of notes) tables.insertNote({ ...note, task });
}

/** Imports a run. If it has no history, its first line is added, because a run's version is its number of lines. */
function importRun(
  tables: LedgerTables,
  run: TaskRun,
  isCurrent: boolean,
  history: readonly HistoryEntry[],
  { by, now }: Author,
): void {
  const own = history.filter((entry) => entry.run === run.run);
  // The process that was completing it in the other ledger will not do so here.
  const status = run.status === 'completing' ? 'in_progress' : run.status;
  const version = Math.max(1, own.length);
  tables.insertStatus(encodeRunRow({ ...run, status, version, claim: null, claimUntil: null }, isCurrent));
  const first = { attempt: run.attempt, event: 'imported', from: null, to: status, at: now, by } as const;
  const lines = own.length > 0 ? own : [{ ...first, reason: null, output: null, progress: run.progress }];
  for (const line of lines) tables.insertHistory({ ...line, task: run.task, run: run.run });
}
