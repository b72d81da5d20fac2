import { plainName, plainText } from '../model/text.ts';
import type { ClaimOptions, ClaimTools } from './claims.ts';
import type { HistoryFeed } from './history-feed.ts';
import {
  type Author,
  type LoadedTask,
  loadTask,
  recordMove,
  recoverAbandoned,
  refuseStale,
} from './ledger-tasks.ts';
import type { Moved } from './moves.ts';
import type { CompleteOptions, FailOptions, MoveOptions } from './options.ts';
import type { LedgerTables } from './sql/tables.ts';
import type { TaskRecord } from './types.ts';

/** The ways to change a ledger. After each, listeners are notified. */
export interface LedgerWriter {
  /** Runs `work` in a transaction, which first recovers what dead processes have left half done. */
  write<T>(options: Pick<MoveOptions, 'by'>, work: (tables: LedgerTables, author: Author) => T): Promise<T>;
  /** Makes one move of one task. */
  move(
    id: string,
    options: MoveOptions,
    move: (task: LoadedTask, tables: LedgerTables, now: number) => Moved,
  ): Promise<TaskRecord>;
  /** Runs `work`, which takes several transactions; resolves with the task as it is afterwards. */
  claim(
    id: string,
    options: CompleteOptions | FailOptions,
    work: (options: ClaimOptions) => Promise<void>,
  ): Promise<TaskRecord>;
}

/** Creates a writer. `by` is the author if a call does not name one. */
export function createLedgerWriter(
  { connection, clock }: ClaimTools,
  feed: HistoryFeed,
  by: string | null,
): LedgerWriter {
  const authorNow = (name = by): Author => {
    return { by: name === null ? null : plainName(name), now: clock.now() };
  };

  /** Runs `work`, and notifies listeners of everything it did before its caller continues, even if it failed half-way. */
  async function telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await feed.catchUp();
    }
  }

  const write: LedgerWriter['write'] = (options, work) =>
    telling(() =>
      connection.write((tables) => {
        const author = authorNow(options.by);
        recoverAbandoned(tables, author);
        return work(tables, author);
      }),
    );

  return {
    write,
    move: (id, options, move) =>
      write(options, (tables, author) => {
        const task = loadTask(tables, id);
        refuseStale(task, options.expectedVersion);
        recordMove(tables, move(task, tables, author.now), author);
        addNote(tables, id, options.note, author);
        return loadTask(tables, id).record;
      }),
    claim: (id, options, work) =>
      telling(async () => {
        const { expectedVersion, signal, note } = options;
        const { by } = authorNow(options.by);
        const alongside = (tables: LedgerTables, now: number) => addNote(tables, id, note, { by, now });
        await work({ expectedVersion, signal, by, alongside });
        return connection.read((tables) => loadTask(tables, id).record);
      }),
  };
}

/** Adds a note to a task, if there is one. */
export function addNote(
  tables: LedgerTables,
  task: string,
  text: string | undefined,
  { by, now }: Author,
): void {
  if (text !== undefined) tables.insertNote({ task, at: now, by, text: plainText(text) });
}
