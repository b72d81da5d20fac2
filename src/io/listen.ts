import type { ListenOptions, Server } from 'node:net';

/** Resolves once `server` listens there. Rejects with the system's error. */
export function listen(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
