import { readdir, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { listenPrivately } from '../../../io/listen.ts';
import { isProcessThere } from '../../../io/process-identity.ts';
import type { Environment } from '../../../storage/home.ts';
import { makePrivateDirectory } from '../../../storage/private-directory.ts';
import { makeRuntimeDirectory } from '../../../storage/runtime-directory.ts';
import { journalsIn, listenerPid, ownListener } from './names.ts';

/**
 * Lets the hooks of agents that keep their files in one of `homes` know, until it is closed, that a taskglass is open that can
 * answer. They connect to a socket, get a greeting at once, and see from the end of the connection that it is gone. Rejects if
 * there is no place for the socket.
 */
export async function listenForHooks(
  env: Environment,
  homes: () => readonly string[],
): Promise<{ close(): Promise<void> }> {
  const directory = await makeRuntimeDirectory(env);
  await removeAbandoned(directory);
  // It exists from now on, so that whoever watches it learns of the first journal in it.
  await makePrivateDirectory(journalsIn(directory));
  const waiting = new Set<Socket>();
  const server = createServer((connection) => {
    waiting.add(connection);
    connection.on('error', () => {}).on('close', () => waiting.delete(connection));
    connection.resume().write(`${JSON.stringify({ homes: homes() })}\n`);
    connection.unref();
  });
  const listening = await listenPrivately(server, ownListener(directory));
  return {
    close() {
      for (const connection of waiting) connection.destroy();
      return listening.close();
    },
  };
}

/** Removes the sockets of processes that were killed: each would cost a hook an attempt. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch((): string[] => [])) {
    const pid = listenerPid(name) ?? 0;
    if (pid > 0 && !isProcessThere(pid, null)) await unlink(join(directory, name)).catch(() => {});
  }
}
