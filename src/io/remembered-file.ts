import { chmod } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { jsonObject, readJson } from '../model/json.ts';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { type PlainText, plainName } from '../model/text.ts';
import { userDirectories } from '../storage/directories.ts';
import type { Environment } from '../storage/home.ts';
import { makeDirectory } from '../storage/make-directory.ts';
import { replaceFile } from './atomic-file.ts';
import { withFileLock } from './file-lock.ts';
import { readWhole } from './read-file.ts';

/**
 * A small file in the state directory that remembers what a user has done, for all of that user's taskglasses. Losing it
 * costs a few key presses, so no error in it ends anything.
 */
export interface RememberedFile<T> {
  /** Reads what is remembered; nothing, if it cannot be read. */
  load(): Promise<T>;
  /**
   * Changes what is remembered, one change after the other; keeps what others have changed meanwhile. Resolves with why it
   * could not be written, otherwise with null, after `onKept`. Never rejects.
   */
  change(change: (kept: T) => T, onKept?: () => void): Promise<Problem | null>;
}

export interface Remembered<T> {
  /** The name of the file, and of its only key. */
  readonly key: string;
  /** What it contains, as the beginning of a sentence: `dismissals`. */
  readonly title: PlainText;
  /** Reads the key's value, which somebody may have edited; undefined if it is absent. */
  readonly decode: (value: unknown) => T;
  /** Returns the JSON value. */
  readonly encode: (kept: T) => unknown;
}

/** Ten thousand entries take a tenth of this. */
const LIMIT_BYTES = 16 * 1024 * 1024;
const OWN_ONLY = 0o600;
const OWN_DIRECTORY = 0o700;

export function createRememberedFile<T>(
  env: Environment,
  clock: Clock,
  { key, title, decode, encode }: Remembered<T>,
): RememberedFile<T> {
  const file = path.join(userDirectories(env).state, `${key}.json`);
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<T> {
    const found = await readWhole(file, LIMIT_BYTES);
    if ('bytes' in found) return decode(jsonObject(readJson(found.bytes.toString()))?.[key]);
    if (found.isMissing) return decode(undefined);
    throw new Error(found.problem.message);
  }

  /** Not flushed to disk: it is not worth the wait. */
  async function write(kept: T): Promise<void> {
    const text = `${JSON.stringify({ [key]: encode(kept) })}\n`;
    await replaceFile(file, text, { mode: OWN_ONLY, synchronised: 'whenever' });
    await chmod(file, OWN_ONLY);
  }

  async function changeNow(change: (kept: T) => T, onKept: () => void): Promise<Problem | null> {
    try {
      await makeDirectory(path.dirname(file), OWN_DIRECTORY);
      await withFileLock(file, { clock }, async () => write(change(await read())));
      onKept();
      return null;
    } catch (error) {
      return notKept(error, title, file);
    }
  }

  return {
    load: () => read().catch(() => decode(undefined)),
    change(change, onKept = () => {}) {
      const changing = last.then(() => changeNow(change, onKept));
      last = changing;
      return changing;
    },
  };
}

function notKept(error: unknown, title: PlainText, file: string): Problem {
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return problem(
    'unreadable',
    'degraded',
    plainName(`${title} cannot be saved: ${file} cannot be written: ${errorMessage(error)}`),
    isFull
      ? 'make room; until then they last only for this view'
      : 'they last only for this view; do you own the directory?',
  );
}
