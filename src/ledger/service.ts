import { backgroundClock, type Clock, systemClock } from '../clock.ts';
import { errorMessage } from '../model/problem.ts';
import { plainText } from '../model/text.ts';
import type { ClaimTools } from './claims.ts';
import { completeTask } from './completion.ts';
import { failTask } from './failure.ts';
import type { DefinitionInput } from './format.ts';
import type { HistoryEntry } from './history-entry.ts';
import { createHistoryFeed, type HistoryFeed, type HistoryListener } from './history-feed.ts';
import { loadTask, recordMove, refuseUnready, selectRecords } from './ledger-tasks.ts';
import { beginRun, cancelled, refuseMove, remarked, started, triedAgain } from './moves.ts';
import { openLedger } from './open.ts';
import type {
  CancelOptions,
  CompleteOptions,
  FailOptions,
  MoveOptions,
  NextOptions,
  ResetOptions,
  StartOptions,
  TaskChange,
  TaskTrackingOptions,
} from './options.ts';
import { type RegisterOptions, redefinitionBy, registerDefinitions } from './registration.ts';
import { decodeHistoryRow } from './rows.ts';
import { refuseUnrunnable, runAction } from './run-action.ts';
import type { ActionOutcome } from './run-command.ts';
import type { HistoryFilter } from './sql/history-tables.ts';
import type { LedgerTables } from './sql/tables.ts';
import {
  exportTasks,
  type ImportOptions,
  type ImportReport,
  importTasks,
  type ReportedRun,
  readRuns,
} from './transfer.ts';
import type { LedgerTransfer, TaskNote, TaskQuery, TaskRecord } from './types.ts';
import { updateTask } from './update.ts';
import { addNote, createLedgerWriter, type LedgerWriter } from './writer.ts';

/** The outcome of a verification; `ran` is false if the definition has none. */
export interface Verification extends ActionOutcome {
  readonly ran: boolean;
}

/**
 * Tasks and their verified completion, in an SQLite file that any number of processes may share. Each change is one
 * transaction, with a line of history. Methods reject with a `LedgerError`, whose `problem` says what to do.
 *
 *     const ledger = await TaskTrackingService.open();
 *     await ledger.register({ id: 'backup', verification: 'test -s /var/backups/today.tar' });
 *     await ledger.start('backup');
 *     await ledger.complete('backup', { result: '3.2 GB' });
 */
export class TaskTrackingService {
  /** The database's file. */
  readonly path: string;
  /** Whether the ledger is in another program's database. */
  readonly isGuest: boolean;
  readonly #tools: ClaimTools;
  readonly #feed: HistoryFeed;
  readonly #writer: LedgerWriter;

  private constructor(path: string, tools: ClaimTools, listening: Clock, by: string | null) {
    this.path = path;
    this.isGuest = tools.connection.isGuest;
    this.#tools = tools;
    this.#feed = createHistoryFeed(tools.connection, listening);
    this.#writer = createLedgerWriter(tools, this.#feed, by);
  }

  /** Opens a ledger, and creates it if there is none (unless `createIfMissing` is false). */
  static async open(options: TaskTrackingOptions = {}): Promise<TaskTrackingService> {
    const { env = process.env, clock = systemClock, functions = {}, allowCommands = false } = options;
    const { connection, path } = await openLedger(options, env, clock);
    const runner = { functions, env, path, clock, allowCommands };
    // A change that waits for a lock keeps the process alive; a listener does not.
    const listening = options.clock ?? backgroundClock;
    return new TaskTrackingService(path, { connection, runner, clock }, listening, options.by ?? null);
  }

  /** Registers new tasks, all or none. They may depend on each other, but not in a cycle. */
  async register(
    definitions: DefinitionInput | readonly DefinitionInput[],
    options: RegisterOptions = {},
  ): Promise<TaskRecord[]> {
    const { decodeDefinitions } = await import('./format.ts'); // zod: most calls do without
    const decoded = decodeDefinitions(definitions);
    await this.#writer.write(options, (tables, author) =>
      registerDefinitions(tables, decoded, options, author),
    );
    const ids = decoded.map(({ id }) => id);
    return this.#read((tables) => selectRecords(tables, { ids }));
  }

  get(id: string): Promise<TaskRecord> {
    return this.#read((tables) => loadTask(tables, id).record);
  }

  query(query: TaskQuery = {}): Promise<TaskRecord[]> {
    return this.#read((tables) => selectRecords(tables, query));
  }

  /** Counts tasks, regardless of the query's limit. */
  count(query: TaskQuery = {}): Promise<number> {
    return this.#read((tables) => tables.count(query));
  }

  /**
   * Returns the task to do next: the most urgent one whose dependencies are completed, or null. With `start`, it is started in
   * the same transaction, so that no two workers get the same task.
   */
  next({ start = false, ...options }: NextOptions = {}): Promise<TaskRecord | null> {
    const find = (tables: LedgerTables) => tables.tasks({ ...options, status: ['ready'], limit: 1 })[0];
    if (!start)
      return this.#read((tables) => {
        const found = find(tables);
        return found ? loadTask(tables, found.id).record : null;
      });
    return this.#writer.write(options, (tables, author) => {
      const found = find(tables);
      if (!found) return null;
      recordMove(tables, started(loadTask(tables, found.id).run, author.now, null), author);
      return loadTask(tables, found.id).record;
    });
  }

  start(id: string, options: StartOptions = {}): Promise<TaskRecord> {
    return this.#writer.move(id, options, (task, tables, now) => {
      refuseMove(task.run, 'start');
      if (!options.force) refuseUnready(task, tables);
      return started(task.run, now, options.jobRun);
    });
  }

  /** Reports the progress of a running task, or changes its definition. Each call adds a line of history: do not call it often. */
  async update(id: string, change: TaskChange, options: MoveOptions = {}): Promise<TaskRecord> {
    const { progress: _, step: __, ...fields } = change;
    const redefinition = Object.keys(fields).length > 0 ? await redefinitionBy(fields) : null;
    return this.#writer.write(options, (tables, author) => {
      updateTask(tables, id, change, redefinition, options, author);
      addNote(tables, id, options.note, author);
      return loadTask(tables, id).record;
    });
  }

  /** Completes a task if its verification and its hooks succeed; otherwise its status is restored, and its history says why. */
  complete(id: string, options: CompleteOptions = {}): Promise<TaskRecord> {
    const { force = false } = options;
    const result = options.result === undefined ? null : plainText(String(options.result));
    return this.#writer.claim(id, options, (claim) =>
      completeTask(id, { ...claim, result, force }, this.#tools),
    );
  }

  /** Marks a task failed and runs its rollback. */
  fail(id: string, options: FailOptions): Promise<TaskRecord> {
    const error = plainText(errorMessage(options.error)); // callers in plain JavaScript may pass a caught error
    return this.#writer.claim(id, options, (claim) => failTask(id, { ...claim, error }, this.#tools));
  }

  /** Marks a task cancelled. Its worker learns that only through `on`. */
  cancel(id: string, options: CancelOptions = {}): Promise<TaskRecord> {
    return this.#writer.move(id, options, ({ run }, _, now) => {
      refuseMove(run, 'cancel');
      return cancelled(run, now, options.reason === undefined ? null : plainText(options.reason));
    });
  }

  /** Makes a task pending again: for its next run if it was completed, else for its next attempt. */
  reset(id: string, options: ResetOptions = {}): Promise<TaskRecord> {
    return this.#writer.move(id, options, ({ run, definition: { steps } }, tables, now) => {
      refuseMove(run, 'reset');
      if (run.status !== 'completed' && !options.newRun) return triedAgain(run, steps, now);
      tables.retireRun(run.task, run.run);
      return { run: beginRun(run.task, steps, now, run), event: 'reset', from: null };
    });
  }

  note(id: string, text: string, options: Pick<MoveOptions, 'by'> = {}): Promise<TaskRecord> {
    return this.#writer.move(id, { ...options, note: text }, ({ run }) => remarked(run, 'noted', null));
  }

  /** Runs a task's verification without changing anything. */
  async verify(id: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Verification> {
    const task = await this.get(id);
    const { verification } = task.definition;
    if (!verification) return { ran: false, ok: true, reason: null, output: null, durationMs: 0 };
    refuseUnrunnable([verification], this.#tools.runner);
    return { ran: true, ...(await runAction(verification, task, this.#tools.runner, signal)) };
  }

  /** Returns lines of history, the oldest first. */
  history(filter: HistoryFilter = {}): Promise<HistoryEntry[]> {
    return this.#read((tables) => tables.history(filter).map(decodeHistoryRow));
  }

  notes(id: string): Promise<TaskNote[]> {
    return this.#read((tables) => {
      loadTask(tables, id);
      return tables.notes([id]).map((note) => ({ ...note }));
    });
  }

  /** Returns the ids of the tasks that depend on this one. */
  dependents(id: string): Promise<string[]> {
    return this.#read((tables) => tables.dependents(id));
  }

  /** Returns all runs, not only the current ones, for reports. */
  runs(filter: { readonly task?: string; readonly since?: number } = {}): Promise<ReportedRun[]> {
    return this.#read((tables) => readRuns(tables, filter));
  }

  /** Imports what `exportTasks` returned, here or elsewhere: all or nothing. */
  importTasks(transfer: LedgerTransfer, options: ImportOptions = {}): Promise<ImportReport> {
    return this.#writer.write(options, (tables, author) => importTasks(tables, transfer, options, author));
  }

  /** Exports tasks, by default all of them, with their runs, history and notes. */
  exportTasks(query: TaskQuery = {}): Promise<LedgerTransfer> {
    return this.#read((tables) => exportTasks(tables, query, this.#tools.clock.now()));
  }

  /** Calls `listener` with each new line of history, once and in order, from any process. Returns a function that stops it. */
  on(listener: HistoryListener): () => void {
    return this.#feed.add(listener);
  }

  async close(): Promise<void> {
    this.#feed.close();
    this.#tools.connection.close();
  }

  #read<T>(work: (tables: LedgerTables) => T): Promise<T> {
    return this.#tools.connection.read(work);
  }
}
