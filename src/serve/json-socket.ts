import { unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import { listenPrivately } from '../io/listen.ts';
import { readJson } from '../model/json.ts';

/** An answer comes at once and whole; a process that takes longer hangs. */
const LIMIT_MS = 300;
/** Nothing of ours is longer. */
const LIMIT_BYTES = 256 * 1024;

/**
 * Tells everybody who connects to the socket one JSON document, then ends the connection. The socket is for its owner alone;
 * its directory has to be, too. Rejects if it cannot be opened.
 */
export function tellAtSocket(
  path: string,
  tell: () => Promise<unknown>,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((connection) => {
    connection.on('error', () => {}); // nobody waits any more
    void tell().then(
      (told) => connection.end(JSON.stringify(told)),
      () => connection.destroy(),
    );
  });
  return listenPrivately(server, path);
}

/**
 * Asks at a socket. Returns undefined if nobody answers in time, or not in JSON. One that nobody listens at any more was left
 * behind, and is removed.
 */
export async function askAtSocket(path: string, clock: Clock): Promise<unknown> {
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
    return undefined;
  }
  return readJson(text);
}
