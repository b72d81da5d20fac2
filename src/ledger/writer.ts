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

/** The ways in which a ledger is changed: each with an author, a line of history and word to the listeners. */
export interface LedgerWriter {
  /** One transaction, begun by putting right what others have left half done. */
  write<T>(options: Pick<MoveOptions, 'by'>, work: (tables: LedgerTables, author: Author) => T): Promise<T>;
  /** One move of one task. */
  move(
    id: string,
    options: MoveOptions,
    move: (task: LoadedTask, tables: LedgerTables, now: number) => Moved,
  ): Promise<TaskRecord>;
  /** What takes several transactions; resolves with the task as it is then. */
  claim(
    id: string,
    options: CompleteOptions | FailOptions,
    work: (options: ClaimOptions) => Promise<void>,
  ): Promise<TaskRecord>;
}

/** Creates a writer. `by` is who acts if a call does not say. */
export function createLedgerWriter(
  { connection, clock }: ClaimTools,
  feed: HistoryFeed,
  by: string | null,
): LedgerWriter {
  const authorNow = (name = by): Author => {
    return { by: name === null ? null : plainName(name), now: clock.now() };
  };

  /** Runs `work`; listeners have heard of what it did by the time its caller goes on, also if it was refused half-way. */
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

/** Keeps a note of a task, if there is one to keep. */
export function addNote(
  tables: LedgerTables,
  task: string,
  text: string | undefined,
  { by, now }: Author,
): void {
  if (text !== undefined) tables.insertNote({ task, at: now, by, text: plainText(text) });
}
