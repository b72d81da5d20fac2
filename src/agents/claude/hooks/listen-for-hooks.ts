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
 * Lets the hooks of agents that keep their files in one of `homes` know, until it is closed, that a taskglass is open that
 * can answer: they connect to a socket, are greeted at once, and see by the connection's end that it is gone. Rejects if
 * there is no place for the socket.
 */
export async function listenForHooks(
  env: Environment,
  homes: () => readonly string[],
): Promise<{ close(): Promise<void> }> {
  const directory = await makeRuntimeDirectory(env);
  await removeAbandoned(directory);
  // It is there from now on, so that those who watch it hear of the first journal in it.
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

/** Removes the sockets of processes that were killed: each costs a hook a try. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch((): string[] => [])) {
    const pid = listenerPid(name) ?? 0;
    if (pid > 0 && !isProcessThere(pid, null)) await unlink(join(directory, name)).catch(() => {});
  }
}
