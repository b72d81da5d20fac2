import { stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Problem } from '../model/problem.ts';
import { companionsOf, markDatabase, readUntouched } from '../storage/read-untouched.ts';
import type { Database } from '../storage/transaction.ts';
import { busyProblem, databaseProblem, isSystemError } from './database-problem.ts';
import { notAFileProblem, systemProblem } from './file-problem.ts';
import { followFile, type Parsed } from './follow-file.ts';
import { type FileReading, kindOf } from './read-file.ts';

/**
 * Asks a database that belongs to somebody else, now and whenever it changed, without its noticing. A writer that is
 * at it is waited for; it becomes a problem after 2 s. A database at rest costs nothing.
 */
export function followDatabase<T>(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly query: (database: Database) => T;
  readonly onValue: (value: T, modifiedAt: number) => void | Promise<void>;
  readonly onProblem: (problem: Problem) => void;
}): { close(): Promise<void> } {
  const { path, clock } = options;
  return followFile({
    ...options,
    beside: companionsOf(path),
    read: () => readMark(path, clock),
    parse: () => ask(path, options.query),
  });
}

/** Instead of the bytes, which may be many: what tells them from those before. */
async function readMark(path: string, clock: Clock): Promise<FileReading> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: notAFileProblem(path, kindOf(stats)), isMissing: false };
    const { mark, modifiedAt } = markDatabase(path, clock);
    return { bytes: Buffer.from(mark), modifiedAt };
  } catch (error) {
    const found = systemProblem(error, path);
    return { problem: found, isMissing: found.kind === 'missing' };
  }
}

function ask<T>(path: string, query: (database: Database) => T): Parsed<T> {
  try {
    const reading = readUntouched(path, query);
    return 'value' in reading ? reading : { explain: () => busyProblem(path) };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { explain: () => databaseProblem(error, path) };
  }
}
