import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, homeOf, placeFrom } from '../../storage/home.ts';

/** Where the tasks of one session are, one file each. */
export interface Tracker {
  readonly directory: string;
  /** The session that it belongs to; null in the earlier form, with one tracker for a whole project. */
  readonly session: string | null;
  /** Gemini's name for the project, in its own directory. */
  readonly project: string;
}

/** Trackers that have not changed for this long are not shown. */
export const RECENT_MS = 24 * 60 * 60_000;

const MOST_PROJECTS = 500;
/** How many directories of sessions are looked into. */
const MOST_SESSIONS = 5_000;
const TASK_FILE = /^([0-9a-f]{6})\.json$/u;

/** Returns the directory of Gemini CLI: the named one (`place`), or its usual one if that is empty. */
export function geminiHome(place: string, env: Environment, cwd: string): string {
  return placeFrom(place || join(env.GEMINI_CLI_HOME || homeOf(env), '.gemini'), env, cwd);
}

export function temporaryOf(home: string): string {
  return join(home, 'tmp');
}

/**
 * Lists the trackers of all projects (`tmp/PROJECT/SESSION/tracker`), up to a limit. Rejects with the system's error if no
 * directory of projects can be read.
 */
export async function listTrackers(home: string): Promise<Tracker[]> {
  const root = temporaryOf(home);
  const projects = directoriesAmong(await readdir(root, { withFileTypes: true })).slice(0, MOST_PROJECTS);
  const trackers: Tracker[] = [];
  let left = MOST_SESSIONS;
  for (const project of projects) {
    const names = directoriesAmong(await entriesOf(join(root, project)));
    if (names.includes('tracker'))
      trackers.push({ directory: join(root, project, 'tracker'), session: null, project });
    const sessions = names.filter((name) => name !== 'tracker').slice(0, left);
    left -= sessions.length;
    const found = sessions.map(async (session): Promise<Tracker[]> => {
      const directory = join(root, project, session, 'tracker');
      const stats = await stat(directory).catch(() => null);
      return stats?.isDirectory() ? [{ directory, session, project }] : [];
    });
    trackers.push(...(await Promise.all(found)).flat());
  }
  return trackers;
}

function entriesOf(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((): Dirent[] => []);
}

function directoriesAmong(entries: readonly Dirent[]): string[] {
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Returns the id of the task in a file with this name; null if it is not a task's file. */
export function taskIdOf(name: string): string | null {
  return TASK_FILE.exec(name)?.[1] ?? null;
}

/** Tells whether a tracker of this user's Gemini has changed in the last day, from timestamps alone. */
export async function changedRecently(env: Environment, nowMs: number): Promise<boolean> {
  const trackers = await listTrackers(geminiHome('', env, '/')).catch((): Tracker[] => []);
  for (const { directory } of trackers) {
    const names = await readdir(directory).catch((): string[] => []);
    const files = names.filter((name) => taskIdOf(name) !== null).slice(0, 100);
    const stats = await Promise.all(files.map((name) => stat(join(directory, name)).catch(() => null)));
    if (stats.some((found) => found !== null && nowMs - found.mtimeMs < RECENT_MS)) return true;
  }
  return false;
}
