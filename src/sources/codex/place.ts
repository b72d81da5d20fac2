import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, placeFrom } from '../../storage/home.ts';

/** A rollout's file, in which Codex has recorded one session. */
export interface RolloutFile {
  readonly path: string;
  /** Its name without the extensions: a plain file and its compressed copy have the same. */
  readonly name: string;
  readonly isPacked: boolean;
}

/** Sessions that have not changed for this long are not shown. */
export const RECENT_MS = 24 * 60 * 60_000;

/** How many files are looked at, the newest by name: an old session may continue. */
const MOST_FILES = 2_000;
const MOST_DIRECTORIES = 400;

/** Returns the directory of Codex: the named one (`place`), or its usual one if that is empty. */
export function codexHome(place: string, env: Environment, cwd: string): string {
  return placeFrom(place || env.CODEX_HOME || '~/.codex', env, cwd);
}

export function sessionsOf(home: string): string {
  return join(home, 'sessions');
}

/**
 * Lists the rollouts in the directories of the days (`sessions/2026/11/30`), the newest first, and those directories. Rejects
 * with the system's error if no directory of sessions can be read.
 */
export async function listRollouts(
  home: string,
  most = MOST_FILES,
): Promise<{ readonly files: readonly RolloutFile[]; readonly directories: readonly string[] }> {
  const root = sessionsOf(home);
  const files: RolloutFile[] = [];
  const directories = [root];

  async function walk(directory: string, depth: number, names: readonly string[]): Promise<void> {
    if (depth === 3) {
      files.push(...rolloutsAmong(directory, names).slice(0, most - files.length));
      return;
    }
    const below = names.filter((name) => /^\d{2,4}$/u.test(name));
    for (const name of below.sort().reverse()) {
      if (files.length >= most || directories.length >= MOST_DIRECTORIES) return;
      const path = join(directory, name);
      directories.push(path);
      await walk(path, depth + 1, await readdir(path).catch((): string[] => []));
    }
  }

  await walk(root, 0, await readdir(root));
  return { files, directories };
}

const ROLLOUT = /^(rollout-.+)\.jsonl(\.zst)?$/u;

/** Returns the rollouts among the names in a directory, the newest first. A plain file is preferred to its compressed copy. */
function rolloutsAmong(directory: string, names: readonly string[]): RolloutFile[] {
  const byName = new Map<string, RolloutFile>();
  for (const file of names.toSorted()) {
    const [, name, packed] = ROLLOUT.exec(file) ?? [];
    // In this order, the plain one comes first.
    if (name === undefined || byName.has(name)) continue;
    byName.set(name, { path: join(directory, file), name, isPacked: packed !== undefined });
  }
  return [...byName.values()].reverse();
}

/** Tells whether a session of this user's Codex has changed in the last day, from names and timestamps alone. */
export async function changedRecently(env: Environment, nowMs: number): Promise<boolean> {
  const { files } = await listRollouts(codexHome('', env, '/'), 200).catch(() => ({ files: [] }));
  for (const { path } of files) {
    const stats = await stat(path).catch(() => null);
    if (stats && nowMs - stats.mtimeMs < RECENT_MS) return true;
  }
  return false;
}
