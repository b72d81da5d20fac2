import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Door } from './door.ts';

/**
 * Listens on a socket that only its owner may open, in a directory that only its owner can enter, so that nobody can connect
 * before the mode is set. A socket that an earlier server left behind is replaced; one that somebody answers is not.
 */
export async function listenAtSocket(door: Door, path: string): Promise<void> {
  await removeAbandoned(path);
  await door.listen({ path });
  await chmod(path, 0o600);
}

async function removeAbandoned(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found) return;
  if (!found.isSocket()) throw new Error('something else is there');
  if (await isAnswered(path)) throw new Error('another server is listening there');
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (result: boolean) => () => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
