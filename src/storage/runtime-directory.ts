import { readdirSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { userDirectories } from './directories.ts';
import type { Environment } from './home.ts';
import { isOurs } from './ownership.ts';
import { isPrivateDirectory, makePrivateDirectory } from './private-directory.ts';

/** A directory for sockets. With `inside`, the system creates its parent at login, so that we must not. */
interface Place {
  readonly directory: string;
  readonly inside: boolean;
}

/** The longest path of a socket, in bytes, without the final zero: 104 with it on macOS and BSD, 108 on Linux. */
const LONGEST_SOCKET_PATH_BYTES = 103;

/**
 * Returns the path for the socket of this user's server at a port. Creates its directory, for this user alone. Rejects with a
 * readable message if no directory is suitable.
 */
export function makeSocketPath(port: number, env: Environment): Promise<string> {
  return makePath(socketName(port), env);
}

/** Does the same for the socket on which this process serves its status. */
export function makeStatusSocketPath(env: Environment): Promise<string> {
  return makePath(`${STATUS_PREFIX}${process.pid}.sock`, env);
}

/** Does the same for the socket on which this process serves the names of its tasks. */
export function makeNamesSocketPath(env: Environment): Promise<string> {
  return makePath(`${NAMES_PREFIX}${process.pid}.sock`, env);
}

async function makePath(name: string, env: Environment): Promise<string> {
  return path.join(await makeDirectoryFor(name, env), name);
}

/** The longest name of a socket that `makeRuntimeDirectory` leaves room for. */
const LONGEST_NAME = 'claude-held-0123456789abcdef.sock';

/**
 * Creates the directory for the sockets of this user's processes, for this user alone, and returns its path. Rejects with a
 * readable message if no directory is suitable.
 */
export function makeRuntimeDirectory(env: Environment): Promise<string> {
  return makeDirectoryFor(LONGEST_NAME, env);
}

/** Returns the directories that may hold sockets of this user's processes: those that exist and are private. */
function runtimeDirectories(env: Environment): string[] {
  return runtimePlaces(env).filter(isPrivateDirectory);
}

/** Returns the paths of all possible directories, whether they exist or not. */
export function runtimePlaces(env: Environment): string[] {
  return placesFor(env).map(({ directory }) => directory);
}

async function makeDirectoryFor(name: string, env: Environment): Promise<string> {
  let why = 'this system has no such sockets';
  for (const { directory, inside } of placesFor(env)) {
    try {
      if (Buffer.byteLength(path.join(directory, name)) > LONGEST_SOCKET_PATH_BYTES)
        throw new Error(`the path ${directory} is too long`);
      await makePrivateDirectory(directory, { inside });
      return directory;
    } catch (error) {
      why = (error as Error).message;
    }
  }
  throw new Error(why);
}

/**
 * Returns the socket of this user's server at a port; null if there is none. Looks in several places, because a service and a
 * login shell have different environments.
 */
export async function findSocketPath(port: number, env: Environment): Promise<string | null> {
  for (const directory of runtimeDirectories(env)) {
    const socket = path.join(directory, socketName(port));
    const found = await lstat(socket).catch(() => null);
    if (found?.isSocket() && isOurs(found)) return socket;
  }
  return null;
}

/** Returns the sockets on which this user's processes serve their status, or once did. */
export function findStatusSockets(env: Environment): string[] {
  return findSockets(STATUS_PREFIX, env);
}

/** Returns the sockets on which this user's processes serve the names of their tasks, or once did. */
export function findNamesSockets(env: Environment): string[] {
  return findSockets(NAMES_PREFIX, env);
}

function findSockets(prefix: string, env: Environment): string[] {
  return runtimeDirectories(env).flatMap((directory) => {
    const names = namesIn(directory).filter((name) => name.startsWith(prefix));
    return names.map((name) => path.join(directory, name));
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const STATUS_PREFIX = 'status-';
const NAMES_PREFIX = 'names-';
const socketName = (port: number) => `serve-${port}.sock`;

/** Returns the places to try, best first. */
function placesFor(env: Environment): Place[] {
  if (process.platform === 'win32') return [];
  const own: Place = { directory: path.join(userDirectories(env).state, 'run'), inside: false };
  if (env.TASKGLASS_HOME) return [own];
  const given = env.XDG_RUNTIME_DIR && path.isAbsolute(env.XDG_RUNTIME_DIR) ? [env.XDG_RUNTIME_DIR] : [];
  const usual = process.platform === 'linux' ? [`/run/user/${process.getuid?.()}`] : [];
  const bySystem = [...new Set([...given, ...usual])];
  return [...bySystem.map((parent) => ({ directory: path.join(parent, 'taskglass'), inside: true })), own];
}
