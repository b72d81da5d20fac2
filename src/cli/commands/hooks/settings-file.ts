import { stat, unlink } from 'node:fs/promises';
import {
  addHooks,
  areInstalled,
  type HookProgram,
  type InstalledHook,
  installedHooks,
  wrongShape,
} from '../../../agents/claude/hooks/installed.ts';
import type { Clock } from '../../../clock.ts';
import { rewriteFile } from '../../../io/atomic-file.ts';
import { cutJson } from '../../../io/cut-json.ts';
import { editJson } from '../../../io/edit-json.ts';
import { readWhole } from '../../../io/read-file.ts';
import { cannotWrite, RewriteError, readWholeJson } from '../../../io/rewrite-json.ts';
import { decodeText, encodeLike, isDecodable } from '../../../io/text-encoding.ts';
import { parseExactly } from '../../../model/json.ts';
import { problem } from '../../../model/problem.ts';
import { type PlainText, plainName, words } from '../../../model/text.ts';
import type { Environment } from '../../../storage/home.ts';
import { findOriginal, forgetOriginal, keepOriginal, type Original } from './restorations.ts';

/** A settings file of Claude Code, and how it is read and written. */
export interface SettingsFile {
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env: Environment;
}

/** What a change has done, or would do. */
export interface SettingsChange {
  readonly before: readonly InstalledHook[];
  readonly after: readonly InstalledHook[];
  readonly isChanged: boolean;
}

/** A new file, laid out as Claude Code itself does. */
const BLANK = '{\n}\n';
const NOTHING: Buffer = Buffer.alloc(0);

/** Returns our hooks in a settings file; none if there is no file. Rejects with a `RewriteError`. */
export async function readHooks(file: SettingsFile): Promise<InstalledHook[]> {
  return hooksIn(await readText(file));
}

function hooksIn(text: string | null): InstalledHook[] {
  return text === null ? [] : installedHooks(parseExactly(text));
}

/**
 * Installs the given hooks and removes any other hooks of ours; everything else in the file is left alone. With `isDry`,
 * nothing is written. If it rejects, with a `RewriteError`, the file is unchanged.
 */
export async function installHooks(
  file: SettingsFile,
  { events, program }: { readonly events: readonly string[]; readonly program: HookProgram },
  isDry: boolean,
): Promise<SettingsChange> {
  const originalOf = await originalFinder(file);
  const edit = (before: string | null): string | null => {
    const text = before ?? BLANK;
    const document = parseExactly(text);
    const wrong = wrongShape(document, events);
    if (wrong) throw refusal(file, words`${plainName(wrong.where)} in it is not ${wrong.expected}`);
    if (areInstalled(installedHooks(document), events, program)) return before;
    // Nothing of an older version remains, as if it had never been installed.
    const original = originalOf(text).text ?? BLANK;
    return editJson(original, (settings) => addHooks(settings, events, program));
  };
  return change(file, edit, isDry, async (before, after) => {
    const original = before === null ? null : originalOf(before).text;
    if (after === null || (original !== null && withoutHooks(after) === original))
      return forgetOriginal(file.env, file.path);
    await keepOriginal(file.env, file.path, original, after);
  });
}

/** Removes our hooks from the file, which is then byte for byte what it would be without them. */
export async function removeHooks(file: SettingsFile, isDry: boolean): Promise<SettingsChange> {
  const originalOf = await originalFinder(file);
  const edit = (before: string | null) => (before === null ? null : originalOf(before).text);
  return change(file, edit, isDry, () => forgetOriginal(file.env, file.path));
}

/** Returns a function that restores what a text would be without our hooks; its result is null if there would be no file. */
async function originalFinder({ env, path }: SettingsFile): Promise<(text: string) => Original> {
  const remembered = await findOriginal(env, path);
  return (text) => remembered(text) ?? { text: withoutHooks(text) };
}

function withoutHooks(text: string): string {
  return cutJson(
    text,
    installedHooks(parseExactly(text)).map(({ path }) => path),
  );
}

/** Changes the file unless the result is the same. `onWritten` is called with both texts. */
async function change(
  file: SettingsFile,
  edit: (before: string | null) => string | null,
  isDry: boolean,
  onWritten: (before: string | null, after: string | null) => Promise<void>,
): Promise<SettingsChange> {
  const { path } = file;
  const before = await readText(file);
  let after = edit(before);
  const isChanged = after !== before;
  if (isChanged && !isDry) {
    await checkWritable(file);
    try {
      if (after === null) await unlink(path);
      else
        await rewriteFile({
          ...file,
          peek: () => readBytes(file),
          read: () => readSettled(file),
          change(bytes) {
            after = edit(bytes === NOTHING ? null : decodeText(bytes)) ?? BLANK;
            return encodeLike(bytes, after);
          },
        });
      await onWritten(before, after);
    } catch (error) {
      throw error instanceof RewriteError ? error : cannotWrite(path, error as Error);
    }
  }
  return { before: hooksIn(before), after: hooksIn(after), isChanged };
}

async function readText(file: SettingsFile): Promise<string | null> {
  const bytes = await readSettled(file);
  if (bytes === NOTHING) return null;
  if (!isDecodable(bytes)) throw refusal(file, words`it is neither UTF-8 nor UTF-16`);
  return decodeText(bytes);
}

/** Reads the file once it is complete; `NOTHING` if there is none. */
async function readSettled(file: SettingsFile): Promise<Buffer> {
  const bytes = await readBytes(file);
  return bytes === NOTHING ? bytes : readWholeJson(file);
}

async function readBytes({ path }: SettingsFile): Promise<Buffer> {
  const found = await readWhole(path);
  if (!('problem' in found)) return found.bytes;
  if (found.isMissing) return NOTHING;
  throw new RewriteError(found.problem);
}

/** Refuses a read-only file: it could be replaced all the same, but was made read-only on purpose. */
async function checkWritable(file: SettingsFile): Promise<void> {
  const stats = await stat(file.path).catch(() => null);
  if (stats && (stats.mode & 0o222) === 0) throw refusal(file, words`it is read-only`);
}

function refusal({ path }: SettingsFile, why: PlainText): RewriteError {
  const message = words`${plainName(path)} was left unchanged: ${why}`;
  return new RewriteError(problem('not-allowed', 'degraded', message));
}
