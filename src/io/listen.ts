import { chmod, unlink } from 'node:fs/promises';
import type { ListenOptions, Server } from 'node:net';

/** Starts to listen; resolves once `server` does. Rejects with the system's error. */
export function listen(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Makes `server` listen on a socket for this user alone. Its directory must be private, too, so that nobody can connect before
 * the mode is set. Replaces a socket that an earlier process has left. Does not keep the process alive. Rejects with the
 * system's error.
 */
export async function listenPrivately(server: Server, path: string): Promise<{ close(): Promise<void> }> {
  await unlink(path).catch(() => {});
  await listen(server, { path });
  server.unref();
  await chmod(path, 0o600);
  return {
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await unlink(path).catch(() => {});
    },
  };
}
