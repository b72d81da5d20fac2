import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Environment, userDirectories } from './directories.ts';
import { isOurs } from './ownership.ts';
import { isPrivateDirectory, makePrivateDirectory } from './private-directory.ts';

/** A directory for sockets; `inside` one that the system makes at the login, and that is not ours to make. */
interface Place {
  readonly directory: string;
  readonly inside: boolean;
}

/** What the system takes as a socket's path, in bytes: 104 on macOS and BSD, 108 on Linux, the zero at the end included. */
const LONGEST_SOCKET_PATH_BYTES = 103;

/**
 * Returns the path for the socket of this user's server at this port, in a directory for the user alone, which it
 * makes. Rejects, in words, if there is no place for it.
 */
export function makeSocketPath(port: number, env: Environment): Promise<string> {
  return makePath(socketName(port), env);
}

/** Does the same for the socket at which this process tells how all its tasks stand. */
export function makeStatusSocketPath(env: Environment): Promise<string> {
  return makePath(`${STATUS_PREFIX}${process.pid}.sock`, env);
}

async function makePath(name: string, env: Environment): Promise<string> {
  let why = 'this system has no such sockets';
  for (const { directory, inside } of placesFor(env)) {
    const socket = path.join(directory, name);
    try {
      if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH_BYTES)
        throw new Error(`the path ${directory} is too long`);
      await makePrivateDirectory(directory, { inside });
      return socket;
    } catch (error) {
      why = (error as Error).message;
    }
  }
  throw new Error(why);
}

/**
 * Returns the socket of this user's server at this port; null if there is none. Looks in several places: a service and
 * a login shell are not told of the same directories.
 */
export async function findSocketPath(port: number, env: Environment): Promise<string | null> {
  for (const { directory } of placesFor(env)) {
    if (!(await isPrivateDirectory(directory))) continue;
    const socket = path.join(directory, socketName(port));
    const found = await lstat(socket).catch(() => null);
    if (found?.isSocket() && isOurs(found)) return socket;
  }
  return null;
}

/** Returns the sockets at which this user's processes tell how their tasks stand, or told it. */
export async function findStatusSockets(env: Environment): Promise<string[]> {
  const found: string[] = [];
  for (const { directory } of placesFor(env)) {
    if (!(await isPrivateDirectory(directory))) continue;
    const names = await readdir(directory).catch(() => []);
    found.push(
      ...names.filter((name) => name.startsWith(STATUS_PREFIX)).map((name) => path.join(directory, name)),
    );
  }
  return found;
}

const STATUS_PREFIX = 'status-';
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
