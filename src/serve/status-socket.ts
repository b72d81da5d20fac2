import { chmod, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import { StatusFigures } from '../model/status-figures.ts';

/** It tells all at once: who does not by then hangs. */
const LIMIT_MS = 300;
/** No figures of ours are longer. */
const LIMIT_BYTES = 256 * 1024;

/**
 * Tells everybody who connects to the socket how all tasks stand: one JSON document, then the connection ends. The socket
 * is for its owner alone; its directory has to be, too. Rejects if it cannot be opened.
 */
export async function listenForStatus(
  path: string,
  figures: () => Promise<StatusFigures>,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((connection) => {
    connection.on('error', () => {}); // nobody waits any more
    void figures().then(
      (told) => connection.end(JSON.stringify(told)),
      () => connection.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  server.unref();
  await chmod(path, 0o600);
  return {
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await unlink(path).catch(() => {});
    },
  };
}

/**
 * Asks at a socket how all tasks stand. Returns null if nobody answers in time, or in words that we do not know. One that
 * nobody listens at any more was left behind, and is removed.
 */
export async function askForStatus(path: string, clock: Clock): Promise<StatusFigures | null> {
  const text = await new Promise<string | NodeJS.ErrnoException>((resolve) => {
    let said = '';
    const connection = connect(path).setEncoding('utf8');
    const stopTimer = clock.after(LIMIT_MS, () => end(''));
    const end = (result: string | NodeJS.ErrnoException) => {
      stopTimer();
      connection.destroy();
      resolve(result);
    };
    connection
      .on('data', (piece) => {
        said += piece;
        if (said.length > LIMIT_BYTES) end('');
      })
      .once('end', () => end(said))
      .once('error', end);
  });
  if (typeof text !== 'string') {
    if (text.code === 'ECONNREFUSED') await unlink(path).catch(() => {});
    return null;
  }
  try {
    return StatusFigures.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
