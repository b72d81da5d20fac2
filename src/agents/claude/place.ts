import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is read below the directory in which Claude Code keeps its own. */
export interface ClaudePlaces {
  readonly home: string;
  /** A file for each process that is there. */
  readonly sessions: string;
  /** A directory for each background job. */
  readonly jobs: string;
  /** A directory for each list of tasks. */
  readonly tasks: string;
}

const LATELY_MS = 24 * 60 * 60_000;
/** More entries of one kind are not looked at: that a home is in use shows long before. */
const MOST_LOOKED_AT = 5_000;

/** Tells whether a name below `sessions` is a session's. Files beside them (`.key`) are secrets, and are never opened. */
export function isSessionFile(name: string): boolean {
  return /^\d{1,10}\.json$/u.test(name);
}

/** Tells whether a name below `jobs` is a job's id, which can also be handed to a program as it is. */
export function isJobId(name: string): boolean {
  return /^[A-Za-z0-9][\w-]{0,63}$/u.test(name);
}

/** Returns the directory that a place names; by default the one in which Claude Code keeps its own. */
export function claudeHome(env: Environment, place = '', cwd = '/'): string {
  const home = env.HOME && isAbsolute(env.HOME) ? env.HOME : homedir();
  const named = place || env.CLAUDE_CONFIG_DIR || join(home, '.claude');
  // No shell expands a `~` after the colon.
  return resolve(cwd, named.replace(/^~(?=$|\/)/u, home));
}

export function claudePlaces(home: string): ClaudePlaces {
  const [sessions, jobs, tasks] = ['sessions', 'jobs', 'tasks'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  return { home, sessions, jobs, tasks };
}

/**
 * Tells whether any of this user's sessions, background jobs or task lists changed within a day before `nowMs` (epoch ms).
 * Looks at names and stamps only, and no longer than until one is found.
 */
export async function movedLately(env: Environment, nowMs: number): Promise<boolean> {
  const { sessions, jobs, tasks } = claudePlaces(claudeHome(env));
  const hasMoved = async (path: string) => {
    const stats = await stat(path).catch(() => null);
    return stats !== null && nowMs - stats.mtimeMs <= LATELY_MS;
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
  // A list's directory changes with each task that is written anew.
  return someMoved(tasks, (name) => (name.startsWith('.') ? null : name));
}
