import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../storage/home.ts';

/** The search path if none is set. */
const WITHOUT_PATH = '/bin:/usr/bin';

/** The extensions that Windows itself adds to a name without one. Others, such as `.cmd`, need a shell. */
const STARTED_ON_WINDOWS = ['.com', '.exe'];
/** The extensions of the scripts of a Windows shell. */
const READ_ON_WINDOWS = ['.cmd', '.bat'];

/** Where to search for a command. */
interface Place {
  readonly env: Environment;
  readonly cwd: string;
  /** Ours if absent. */
  readonly platform?: NodeJS.Platform;
}

/** Returns the file that the system starts for a command; null if there is none. */
export function findExecutable(command: string, place: Place): string | null {
  return placesOf(command, place).find(isExecutable) ?? null;
}

/** Returns the files that the system tries for a command, in its order. */
export function placesOf(command: string, place: Place): string[] {
  return isWindows(place) ? namesOf(command, place, STARTED_ON_WINDOWS) : namesOf(command, place, ['']);
}

/**
 * Returns the script that a Windows shell would run for a command, and that cannot be started directly, such as those that npm
 * installs; null if there is none.
 */
export function findShellScript(command: string, place: Place, isThere = isExecutable): string | null {
  if (!isWindows(place)) return null;
  const found = namesOf(command, place, READ_ON_WINDOWS).find(isThere);
  return found !== undefined && READ_ON_WINDOWS.includes(path.win32.extname(found).toLowerCase())
    ? found
    : null;
}

function namesOf(command: string, place: Place, endings: readonly string[]): string[] {
  const { resolve, delimiter } = isWindows(place) ? path.win32 : path.posix;
  const isWhole = isWindows(place) && path.win32.extname(command) !== '';
  const names = isWhole ? [command] : endings.map((ending) => command + ending);
  const isPath = isWindows(place) ? /[\\/:]/u.test(command) : command.includes('/');
  const folders = isPath ? [place.cwd] : (pathOf(place) ?? WITHOUT_PATH).split(delimiter);
  return folders.flatMap((folder) => names.map((name) => resolve(place.cwd, folder, name)));
}

/** Returns the search path. Windows ignores the case of `PATH`, but a copy of its environment does not. */
function pathOf(place: Place): string | undefined {
  if (!isWindows(place)) return place.env.PATH;
  return Object.entries(place.env).find(([name]) => name.toUpperCase() === 'PATH')?.[1];
}

function isWindows({ platform = process.platform }: Place): boolean {
  return platform === 'win32';
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
