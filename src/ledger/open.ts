import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { findWriteTarget, WriteRefused } from '../io/write-target.ts';
import { problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import { makeDirectoryNow } from '../storage/make-directory.ts';
import { connectToLedger, createRetrier, type LedgerConnection } from './connection.ts';
import { LedgerError } from './ledger-error.ts';
import type { TaskTrackingOptions } from './options.ts';
import { defaultLedgerPath } from './sql/ledger-file.ts';
import { migrateLedger as migrateFile } from './sql/migrate-ledger.ts';
import { openLedgerDatabase } from './sql/open-ledger.ts';

/** How long to wait for another program that keeps the file locked. */
const LOCK_TIMEOUT_MS = 15_000;

/** SQLite's name for a database that is gone when it is closed. */
const IN_MEMORY = ':memory:';

/** Opens the ledger that the options name, and makes it where that is allowed. Rejects with a `LedgerError`. */
export async function openLedger(
  options: TaskTrackingOptions,
  env: Readonly<Record<string, string | undefined>>,
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
  /** The schema's versions that were applied; none if all was up to date. */
  readonly applied: readonly number[];
  /** Where the database lies as it was before; null if nothing needed a backup. */
  readonly backup: string | null;
  /** It lives in another program's database, whose own tables were left alone. */
  readonly isGuest: boolean;
}

/**
 * Brings the ledger in `file` up to date, and makes one beside the tables of a foreign database: the only way into one.
 * The file has to exist. Rejects with a `LedgerError`.
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
 * Throws if the path is no place for a ledger. SQLite would say of a pipe that the disk fails, and wait for one that
 * nobody writes to. And it resolves links by itself, past the kernel's guard: a stranger's link could lead into any
 * database of this user's.
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
