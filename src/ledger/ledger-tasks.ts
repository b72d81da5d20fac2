import { didYouMean } from '../model/nearest.ts';
import { problem } from '../model/problem.ts';
import { joined, plainName, words } from '../model/text.ts';
import { LedgerError } from './ledger-error.ts';
import { type Moved, notCompleted, remarked } from './moves.ts';
import { type ClaimedRun, decodeRunRow, decodeTaskRow, encodeRunRow } from './rows.ts';
import type { TaskFilter } from './sql/select-tasks.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskDefinition, TaskRecord } from './types.ts';

/** A task within a transaction: as callers see it, and with its internal run. */
export interface LoadedTask {
  readonly record: TaskRecord;
  readonly definition: TaskDefinition;
  readonly run: ClaimedRun;
}

/** Who makes a change, and when (epoch ms). */
export interface Author {
  readonly by: string | null;
  readonly now: number;
}

/** How many ids are searched for similar ones when one was mistyped. */
const IDS_SEARCHED = 10_000;

/** Reads one task; if there is none, throws a `LedgerError` that names the most similar ids. */
export function loadTask(tables: LedgerTables, id: string): LoadedTask {
  const row = tables.task(id);
  if (!row) throw unknownTask(tables, id);
  const dependencies = tables.dependencies([id]).map(({ dependsOn }) => dependsOn);
  const unfinished = tables.unfinishedDependencies([id]).map(({ dependsOn }) => dependsOn);
  const record = decodeTaskRow(row, dependencies, unfinished);
  return { record, definition: record.definition, run: decodeRunRow(row) };
}

/** Reads many tasks, with as few statements as for one. */
export function selectRecords(tables: LedgerTables, filter: TaskFilter): TaskRecord[] {
  const rows = tables.tasks(filter);
  const ids = rows.map(({ id }) => id);
  const pending = rows.filter(({ status }) => status === 'pending').map(({ id }) => id);
  const dependencies = Map.groupBy(tables.dependencies(ids), ({ task }) => task);
  const unfinished = Map.groupBy(tables.unfinishedDependencies(pending), ({ task }) => task);
  const idsIn = (groups: typeof dependencies, id: string) =>
    (groups.get(id) ?? []).map(({ dependsOn }) => dependsOn);
  return rows.map((row) => decodeTaskRow(row, idsIn(dependencies, row.id), idsIn(unfinished, row.id)));
}

/** Records a move: the run's new state and its line of history, which share the run's version. */
export function recordMove(tables: LedgerTables, moved: Moved, { by, now }: Author): ClaimedRun {
  const { event, from, reason = null, output = null } = moved;
  const run = { ...moved.run, version: moved.run.version + 1, updatedAt: now };
  if (run.version === 1) tables.insertStatus(encodeRunRow(run));
  else if (!tables.updateStatus(encodeRunRow(run), moved.run.version)) throw conflict(run.task);
  const { task, attempt, status: to, progress } = run;
  tables.insertHistory({
    task,
    run: run.run,
    attempt,
    event,
    from,
    to,
    at: now,
    by,
    reason,
    output,
    progress,
  });
  return run;
}

/** Throws if the task has changed since the version that the caller expects. */
export function refuseStale({ run }: LoadedTask, expectedVersion: number | undefined): void {
  if (expectedVersion !== undefined && expectedVersion !== run.version) throw conflict(run.task);
}

/** Throws if dependencies are not completed, and names them. */
export function refuseUnready({ record, run }: LoadedTask, tables: LedgerTables): void {
  const unfinished = tables.unfinishedDependencies([run.task]).map(({ dependsOn }) => dependsOn);
  if (unfinished.length === 0) return;
  const states = unfinished
    .slice(0, 3)
    .map((id) => words`${plainName(id)} (${plainName(tables.task(id)?.status ?? 'unknown')})`);
  const more = unfinished.length > 3 ? words` and ${unfinished.length - 3} more` : '';
  throw new LedgerError(
    'dependencies',
    problem(
      'not-allowed',
      'degraded',
      words`${plainName(record.definition.id)} waits for ${joined(states, ', ')}${more}`,
      'complete these first, or force it',
    ),
  );
}

/** Recovers tasks that a process that died left half done. Part of each change, and usually only one look at an index. */
export function recoverAbandoned(tables: LedgerTables, author: Author): void {
  for (const row of tables.abandoned(author.now)) {
    const run = decodeRunRow(row);
    recordMove(tables, recovered(run, tables), author);
  }
}

function recovered(run: ClaimedRun, tables: LedgerTables): Moved {
  if (run.status === 'completing') {
    const before = tables
      .history({ task: run.task, run: run.run })
      .findLast(({ event }) => event === 'completing')?.from;
    return notCompleted(
      run,
      'recovered',
      before ?? 'in_progress',
      'the process that was completing it ended half-way',
      null,
    );
  }
  const what =
    run.status === 'completed'
      ? 'the process that completed it ended before all of its hooks had run'
      : 'the process that failed it ended before its rollback had run';
  return remarked({ ...run, claim: null, claimUntil: null }, 'recovered', what);
}

function unknownTask(tables: LedgerTables, id: string): LedgerError {
  const hint = didYouMean(id, tables.ids(IDS_SEARCHED)) ?? words`taskglass ledger list-tasks lists them`;
  return new LedgerError(
    'unknown-task',
    problem('missing', 'degraded', words`the ledger has no task ${plainName(id)}`, hint),
  );
}

/** Returns the error for a task that somebody else has changed meanwhile. */
export function conflict(id: string): LedgerError {
  return new LedgerError(
    'conflict',
    problem(
      'not-allowed',
      'degraded',
      words`somebody else has changed ${plainName(id)} in the meantime`,
      'look at it again, then try again',
    ),
  );
}
