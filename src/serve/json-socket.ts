import { unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import { listenPrivately } from '../io/listen.ts';
import { readJson } from '../model/json.ts';

/** An answer comes at once and whole; a process that takes longer is hanging. */
const LIMIT_MS = 300;
/** No document that we send is longer. */
const LIMIT_BYTES = 256 * 1024;

/**
 * Sends one JSON document to everybody who connects to the socket, and then ends the connection. Only its owner can open the
 * socket; its directory has to be private, too. Rejects if it cannot be opened.
 */
export function tellAtSocket(
  path: string,
  tell: () => Promise<unknown>,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((connection) => {
    connection.on('error', () => {}); // the other side has gone
    void tell().then(
      (told) => connection.end(JSON.stringify(told)),
      () => connection.destroy(),
    );
  });
  return listenPrivately(server, path);
}

/**
 * Connects to a socket and reads the document. Resolves with undefined if there is no answer in time, or it is not JSON. A
 * socket on which nobody listens any more was left behind, and is removed.
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
