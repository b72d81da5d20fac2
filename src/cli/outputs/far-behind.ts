import type { Writable } from 'node:stream';

/** How much is buffered for a reader that has stopped reading. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Returns a function that calls `write` as long as its reader keeps up. If the reader is too far behind, `write` is called
 * once, when everything has been taken, and whatever has changed meanwhile is written as one change. A reader that never
 * reads again must not fill the memory.
 */
export function unlessFarBehind(stdout: Writable, write: () => void): () => void {
  let isAwaited = false;
  return () => {
    if (isAwaited) return;
    if (stdout.writableLength < MOST_WAITING_BYTES) return write();
    isAwaited = true;
    stdout.once('drain', () => {
      isAwaited = false;
      write();
    });
  };
}
