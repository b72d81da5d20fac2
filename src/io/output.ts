import { type Clock, endsWithin } from '../clock.ts';

/** How long to wait for the last output to a stream that is stuck; exiting has several such waits, within a second. */
export const LAST_WORDS_MS = 300;

/**
 * Makes writes to a terminal that has stopped reading (a hung connection, a scroll lock) wait in memory. By default in Node, such
 * a write blocks the whole process, which could then not read relays, either. The returned function restores that, unless the
 * terminal is stuck at that moment. `stderr` is on the same terminal, and is used to show the cursor at the very end.
 */
export function neverBlock(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): () => void {
  setBlocking([stdout, stderr], false);
  return () => {
    if (!isBehind(stdout)) setBlocking([stdout, stderr], true);
  };
}

function setBlocking(streams: readonly NodeJS.WriteStream[], isBlocking: boolean): void {
  for (const stream of streams.filter(({ isTTY }) => isTTY)) {
    const { _handle: handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): unknown } };
    handle?.setBlocking?.(isBlocking);
  }
}

/** Tells whether the terminal has not taken everything that was written; false if it is gone, because it never will. */
export function isBehind(stdout: NodeJS.WriteStream): boolean {
  return stdout.writableLength > 0 && !stdout.destroyed && !stdout.errored;
}

/** Calls `action` once the terminal has taken everything written so far. */
export function onceTaken(stdout: NodeJS.WriteStream, action: () => void): void {
  stdout.write('', () => action());
}

/** Resolves when `work` does, but waits only for a limited time for a terminal that is stuck. */
export function withoutWaitingForever(work: Promise<unknown>, clock: Clock): Promise<unknown> {
  return endsWithin(clock, LAST_WORDS_MS, work);
}
