import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../../io/atomic-file.ts';
import { jsonObject, readJson } from '../../../model/json.ts';
import { userDirectories } from '../../../storage/directories.ts';
import type { Environment } from '../../../storage/home.ts';
import { makeDirectory } from '../../../storage/make-directory.ts';

/*
 * What a settings file was before our hooks were added, if that cannot be derived from the file itself: it did not exist, or
 * contained an empty list or object, which looks the same as none. Only the piece that differs is kept.
 */

/** The original text; null if there was no file. */
export type Original = { readonly text: string | null };

interface Restoration {
  /** The hash of the text that this applies to. */
  readonly after: string;
  readonly wasMissing: boolean;
  /** How many UTF-16 units are the same at both ends, and what was between them. */
  readonly head: number;
  readonly tail: number;
  readonly middle: string;
}

/** Returns the text as it was before our hooks, if it has not been changed since and that is remembered. */
export async function findOriginal(
  env: Environment,
  file: string,
): Promise<(text: string) => Original | null> {
  const kept = jsonObject(readJson(await readFile(placeOf(env, file), 'utf8').catch(() => '')));
  return (text) => {
    if (kept?.after !== hashOf(text)) return null;
    if (kept.wasMissing === true) return { text: null };
    const { head, tail, middle } = kept as unknown as Restoration;
    return { text: text.slice(0, head) + middle + text.slice(text.length - tail) };
  };
}

/** Remembers the text that a file had before it became `after`. */
export async function keepOriginal(
  env: Environment,
  file: string,
  before: string | null,
  after: string,
): Promise<void> {
  const place = placeOf(env, file);
  const old = before ?? '';
  let head = 0;
  while (head < old.length && old[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, after.length) - head;
  while (tail < most && old.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = old.slice(head, old.length - tail);
  const kept: Restoration = { after: hashOf(after), wasMissing: before === null, head, tail, middle };
  await makeDirectory(path.dirname(place), 0o700);
  await replaceFile(place, JSON.stringify(kept), { mode: 0o600 });
}

export async function forgetOriginal(env: Environment, file: string): Promise<void> {
  await rm(placeOf(env, file), { force: true });
}

function placeOf(env: Environment, file: string): string {
  return path.join(userDirectories(env).state, 'hooks', `${hashOf(file).slice(0, 16)}.json`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
