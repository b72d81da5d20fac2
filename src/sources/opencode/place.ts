import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Environment, homeOf, placeFrom } from '../../storage/home.ts';

/** Sessions that have not changed for this long are not shown. */
export const RECENT_MS = 24 * 60 * 60_000;

/** Returns opencode's database: in its usual place, or the named one (`place`: a file, or the directory that contains it). */
export function databaseOf(place: string, env: Environment, cwd: string): string {
  if (place !== '') {
    const named = placeFrom(place, env, cwd);
    return /\.(?:db|sqlite3?)$/iu.test(place) ? named : join(named, 'opencode.db');
  }
  const directory = join(env.XDG_DATA_HOME || join(homeOf(env), '.local/share'), 'opencode');
  return resolve(directory, env.OPENCODE_DB || 'opencode.db');
}

/** Tells whether a session of this user's opencode may have changed in the last day, from the timestamps of its files alone. */
export async function changedRecently(env: Environment, nowMs: number): Promise<boolean> {
  const path = databaseOf('', env, '/');
  const files = [path, `${path}-wal`].map((file) => stat(file).catch(() => null));
  return (await Promise.all(files)).some((stats) => stats !== null && nowMs - stats.mtimeMs < RECENT_MS);
}
