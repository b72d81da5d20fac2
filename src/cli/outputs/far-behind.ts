import type { Writable } from 'node:stream';

/** So much is kept for a reader that has stopped reading. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Returns `write` itself, as long as its reader keeps up. For a reader that is too far behind it is called once, when
 * everything is taken: what changed meanwhile is told as one change. A reader that never reads again must not fill the
 * memory.
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
