import { statSync } from 'node:fs';
import { type Clock, sleep } from '../clock.ts';
import { type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { joined, plainName, words } from '../model/text.ts';
import { databaseProblem } from '../storage/database-problem.ts';
import { isBusy } from '../storage/result-code.ts';
import { inTransaction } from '../storage/transaction.ts';
import { LedgerError } from './ledger-error.ts';
import { ForeignDatabaseError, type LedgerDatabase } from './sql/open-ledger.ts';
import { createLedgerTables, type LedgerTables } from './sql/tables.ts';

/** A connection to a ledger's file, which any number of other processes may share. */
export interface LedgerConnection {
  readonly isGuest: boolean;
  /** Runs `work` in a read transaction. */
  read<T>(work: (tables: LedgerTables) => T): Promise<T>;
  /** Runs `work` in a write transaction. It may run again if somebody else was writing, so it must have no other effects. */
  write<T>(work: (tables: LedgerTables) => T): Promise<T>;
  /** Returns a number that changes when another connection has written; null if it cannot be read just now. */
  dataVersion(): number | null;
  close(): void;
}

export interface ConnectionOptions {
  readonly path: string;
  readonly clock: Clock;
  /** How long to wait for other writers, ms. */
  readonly lockTimeoutMs: number;
}

/**
 * Opens a ledger with `open`, and retries everything that meets a lock, up to the time limit. Rejects with a `LedgerError`,
 * also if the file was deleted or replaced while the connection was open.
 */
export async function connectToLedger(
  open: () => LedgerDatabase,
  options: ConnectionOptions,
): Promise<LedgerConnection> {
  const patiently = createRetrier(options);
  const { database, home } = await patiently(open);
  const tables = createLedgerTables(database);
  const file = identityOf(options.path);
  let isClosed = false;

  function refuseClosed(): void {
    if (isClosed) throw new LedgerError('database', closed(options.path));
  }

  /**
   * Throws if the file is gone or was replaced. SQLite does not notice that, and would go on writing to the deleted file.
   */
  function refuseVanished(): void {
    if (file !== identityOf(options.path)) throw new LedgerError('database', vanished(options.path));
  }

  return {
    isGuest: home === 'guest',
    read: (work) =>
      patiently(() => {
        refuseClosed();
        refuseVanished();
        return work(tables);
      }),
    write: (work) =>
      patiently(() => {
        refuseClosed();
        refuseVanished();
        const result = inTransaction(database, () => work(tables));
        refuseVanished();
        return result;
      }),
    dataVersion() {
      try {
        return Number(database.prepare('PRAGMA data_version').get()?.data_version);
      } catch {
        return null;
      }
    },
    close() {
      if (!isClosed) database.close();
      isClosed = true;
    },
  };
}

const SHORTEST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 100;

/** Returns a function that retries work that meets a lock, up to the time limit, and throws a `LedgerError` if it fails. */
export function createRetrier({ path, clock, lockTimeoutMs }: ConnectionOptions) {
  return async function patiently<T>(work: () => T): Promise<T> {
    const giveUpAt = clock.monotonic() + lockTimeoutMs;
    for (let waitMs = SHORTEST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || clock.monotonic() >= giveUpAt) throw asLedgerError(error, path);
      }
      await sleep(clock, waitMs / 2 + (Math.random() * waitMs) / 2);
    }
  };
}

/** Turns an error of the database or the system into a `LedgerError`; any other error is a bug, and is returned as it is. */
function asLedgerError(error: unknown, path: string): unknown {
  if (error instanceof LedgerError) return error;
  if (error instanceof ForeignDatabaseError) return new LedgerError('database', foreign(error, path));
  const found = databaseProblem(error, path);
  return found ? new LedgerError('database', found) : error;
}

function foreign({ tables }: ForeignDatabaseError, path: string): Problem {
  const shown = plainName(path);
  return problem(
    'not-allowed',
    'down',
    words`${shown} is another program's database (${joined(tables.map(plainName), ', ')})`,
    words`to keep tasks in it, beside its tables: taskglass ledger migrate --db ${shellWord(path)}`,
  );
}

function closed(path: string): Problem {
  return problem('not-allowed', 'down', words`this program has closed ${plainName(path)}`, 'open it again');
}

function vanished(path: string): Problem {
  return problem(
    'missing',
    'down',
    words`${plainName(path)} was deleted or replaced while it was open`,
    'try again: a new file is created, or the one that is there now is used',
  );
}

function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}
