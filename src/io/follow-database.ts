import { stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Problem } from '../model/problem.ts';
import {
  companionsOf,
  markDatabase,
  readUntouched,
  type UntouchedReading,
} from '../storage/read-untouched.ts';
import type { Database } from '../storage/transaction.ts';
import { busyProblem, readingProblem } from './database-problem.ts';
import { notAFileProblem, systemProblem } from './file-problem.ts';
import { followFile, type Parsed } from './follow-file.ts';
import { type FileReading, kindOf } from './read-file.ts';

/** How many times as long as a read to rest after it: a busy writer must not keep us busy. */
const REST_PER_READ = 9;
const LONGEST_REST_MS = 100;

/** The answer of a database, or why there is none. */
export type DatabaseAnswer<T> = UntouchedReading<T> | { readonly error: unknown };

/**
 * Queries another program's database, now and whenever it has changed, without a trace. Waits for a writer that is busy; after
 * 2 s, that becomes a problem. A database that does not change costs nothing.
 */
export function followDatabase<T>(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly ask: () => DatabaseAnswer<T> | Promise<DatabaseAnswer<T>>;
  readonly onValue: (value: T, modifiedAt: number) => void | Promise<void>;
  readonly onProblem: (problem: Problem) => void;
}): { close(): Promise<void> } {
  const { path, clock } = options;
  let cancelLook = () => {};

  const following = followFile({
    ...options,
    beside: () => companionsOf(path),
    read: () =>
      readMark(path, clock, (delayMs) => {
        cancelLook();
        cancelLook = clock.after(delayMs, () => following.look());
      }),
    parse: async () => parsed(await options.ask(), path),
    restAfter: (tookMs) => Math.max(tookMs, Math.min(REST_PER_READ * tookMs, LONGEST_REST_MS)),
  });

  return {
    async close() {
      await following.close();
      cancelLook();
    },
  };
}

/** Reads a mark that stands for the bytes of a database, which may be many. */
async function readMark(
  path: string,
  clock: Clock,
  lookAgain: (delayMs: number) => void,
): Promise<FileReading> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { problem: notAFileProblem(path, kindOf(stats)), isMissing: false };
    const { text, modifiedAt, nextLookMs } = markDatabase(path, clock);
    if (nextLookMs !== null) lookAgain(nextLookMs);
    return { bytes: Buffer.from(text), modifiedAt };
  } catch (error) {
    const found = systemProblem(error, path);
    return { problem: found, isMissing: found.kind === 'missing' };
  }
}

/** Queries a database once. */
export function askDatabase<T>(path: string, query: (database: Database) => T): DatabaseAnswer<T> {
  try {
    return readUntouched(path, query);
  } catch (error) {
    return { error };
  }
}

function parsed<T>(answer: DatabaseAnswer<T>, path: string): Parsed<T> {
  if ('value' in answer) return answer;
  if ('isBusy' in answer) return { explain: () => busyProblem(path) };
  const found = readingProblem(answer.error, path);
  return { explain: () => found };
}
