import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, placeFrom } from '../../storage/home.ts';
import { runtimePlaces } from '../../storage/runtime-directory.ts';
import { journalsIn } from './hooks/names.ts';

/** What is read below the directory in which Claude Code keeps its files. */
export interface ClaudePlaces {
  readonly home: string;
  /** A file for each process. */
  readonly sessions: string;
  /** A directory for each background job. */
  readonly jobs: string;
  /** A directory for each list of tasks. */
  readonly tasks: string;
  /** Where our hooks record what happens, with a file for each session: directories that may not exist. */
  readonly signals: readonly string[];
}

const RECENT_MS = 24 * 60 * 60_000;
/** Further entries of one kind are not looked at: long before, it is clear that the home is in use. */
const MOST_LOOKED_AT = 5_000;

/** Tells whether a name below `sessions` is a session's. Files beside them (`.key`) are secrets, and are never opened. */
export function isSessionFile(name: string): boolean {
  return /^\d{1,10}\.json$/u.test(name);
}

/** Tells whether a name below `jobs` is a job's id, which can also be passed to a program as it is. */
export function isJobId(name: string): boolean {
  return /^[A-Za-z0-9][\w-]{0,63}$/u.test(name);
}

/** Tells whether a name below a directory of `signals` is a session's. */
export function isJournal(name: string): boolean {
  return sessionOfJournal(name) !== null;
}

/** Returns the session to which a file with that name belongs; null if it is not one of our hooks'. */
export function sessionOfJournal(name: string): string | null {
  return /^([\w-]{1,128})\.ndjson$/u.exec(name)?.[1] ?? null;
}

/** Returns the directory that a place names; by default, the one in which Claude Code keeps its files. */
export function claudeHome(env: Environment, place = '', cwd = '/'): string {
  return placeFrom(place || env.CLAUDE_CONFIG_DIR || '~/.claude', env, cwd);
}

/** Returns where our hooks may have recorded what happens. */
export function signalPlaces(env: Environment): string[] {
  return runtimePlaces(env).map(journalsIn);
}

export function claudePlaces(home: string, signals: readonly string[] = []): ClaudePlaces {
  const [sessions, jobs, tasks] = ['sessions', 'jobs', 'tasks'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  return { home, sessions, jobs, tasks, signals };
}

/**
 * Tells whether any of this user's sessions, background jobs or task lists changed within a day before `nowMs` (epoch ms), or
 * whether our hooks recorded a session, because not every one has a file. Looks only at names and timestamps, and stops at the
 * first that is found.
 */
export async function changedRecently(env: Environment, nowMs: number): Promise<boolean> {
  const { sessions, jobs, tasks, signals } = claudePlaces(claudeHome(env), signalPlaces(env));
  const hasMoved = async (path: string) => {
    const stats = await stat(path).catch(() => null);
    return stats !== null && nowMs - stats.mtimeMs <= RECENT_MS;
  };
  const someMoved = async (directory: string, pathOf: (name: string) => string | null) => {
    const names: string[] = await readdir(directory).catch(() => []);
    for (const name of names.slice(0, MOST_LOOKED_AT)) {
      const path = pathOf(name);
      if (path !== null && (await hasMoved(join(directory, path)))) return true;
    }
    return false;
  };
  if (await someMoved(sessions, (name) => (isSessionFile(name) ? name : null))) return true;
  if (await someMoved(jobs, (name) => (isJobId(name) ? join(name, 'state.json') : null))) return true;
  for (const directory of signals)
    if (await someMoved(directory, (name) => (isJournal(name) ? name : null))) return true;
  // A list's directory changes with each task that is rewritten.
  return someMoved(tasks, (name) => (name.startsWith('.') ? null : name));
}
