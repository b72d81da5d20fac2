import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { findWriteTarget, WriteRefused } from '../io/write-target.ts';
import { problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';
import { makeDirectoryNow } from '../storage/make-directory.ts';
import { connectToLedger, createRetrier, type LedgerConnection } from './connection.ts';
import { LedgerError } from './ledger-error.ts';
import type { TaskTrackingOptions } from './options.ts';
import { defaultLedgerPath } from './sql/ledger-file.ts';
import { migrateLedger as migrateFile } from './sql/migrate-ledger.ts';
import { openLedgerDatabase } from './sql/open-ledger.ts';

/** How long to wait for another program that has locked the file, ms. */
const LOCK_TIMEOUT_MS = 15_000;

/** SQLite's name for a database in memory. */
const IN_MEMORY = ':memory:';

/** Opens the ledger that the options name, and creates it if they allow that. Rejects with a `LedgerError`. */
export async function openLedger(
  options: TaskTrackingOptions,
  env: Environment,
  clock: Clock,
): Promise<{ readonly connection: LedgerConnection; readonly path: string }> {
  const { createIfMissing = true, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  const named = options.path ?? defaultLedgerPath(env);
  const file = named === IN_MEMORY ? named : path.resolve(named);
  if (!createIfMissing && !existsSync(file)) throw noLedger(file);
  await refuseUnwritable(file);
  if (options.path === undefined) makeDirectory(path.dirname(file));
  const connection = await connectToLedger(() => openLedgerDatabase(file, clock.now()), {
    path: file,
    clock,
    lockTimeoutMs,
  });
  return { connection, path: file };
}

/** What `migrateLedger` did. */
export interface LedgerMigration {
  /** The schema versions that were applied; empty if it was up to date. */
  readonly applied: readonly number[];
  /** The path of a backup of the database from before; null if none was needed. */
  readonly backup: string | null;
  /** Whether the ledger is in another program's database, whose own tables were not changed. */
  readonly isGuest: boolean;
}

/**
 * Migrates the ledger in `file`, or creates one beside the tables of another program's database; nothing else does that. The
 * file must exist. Rejects with a `LedgerError`.
 */
export async function migrateLedger(
  file: string,
  {
    clock = systemClock,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
  }: Pick<TaskTrackingOptions, 'clock' | 'lockTimeoutMs'> = {},
): Promise<LedgerMigration> {
  if (!existsSync(file)) throw noLedger(file);
  await refuseUnwritable(file);
  const patiently = createRetrier({ path: file, clock, lockTimeoutMs });
  const { applied, backup, home } = await patiently(() => migrateFile(file, clock.now()));
  return { applied, backup, isGuest: home === 'guest' };
}

/**
 * Throws if a ledger may not be written at a path. For a pipe, SQLite would report a disk error, or wait until somebody writes
 * to it. And it resolves links itself, which bypasses the kernel's protection: a stranger's link could lead to any database of
 * this user.
 */
async function refuseUnwritable(file: string): Promise<void> {
  try {
    await findWriteTarget(file);
  } catch (error) {
    if (!(error instanceof WriteRefused)) throw error;
    const said = plainName(error.message);
    throw new LedgerError('database', problem('unreadable', 'down', said, 'name a database: --db FILE'));
  }
}

function makeDirectory(directory: string): void {
  try {
    makeDirectoryNow(directory, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const said = words`there is no ${plainName(directory)}, and it cannot be created: ${plainName(String(code))}`;
    throw new LedgerError('database', problem('unreadable', 'down', said, 'name another place: --db FILE'));
  }
}

function noLedger(file: string): LedgerError {
  return new LedgerError(
    'database',
    problem(
      'missing',
      'down',
      words`there is no ${plainName(file)}`,
      'taskglass ledger register or import creates one',
    ),
  );
}
