import { type Clock, endsWithin } from '../clock.ts';

/** What takes nothing any more gets this long to take the end of it; a way out has several such waits within a second. */
export const LAST_WORDS_MS = 300;

/**
 * Lets writes to a terminal that has stopped reading (a hung connection, a scroll lock) wait in memory. As Node opens
 * it, such a write blocks the whole process: no relay would be read any more. The returned function undoes it, unless
 * the terminal is stuck at that moment. `stderr` is on the same terminal, and used to show the cursor at the very end.
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

/** Tells whether the terminal has yet to take what was written to it; one that is gone never will. */
export function isBehind(stdout: NodeJS.WriteStream): boolean {
  return stdout.writableLength > 0 && !stdout.destroyed && !stdout.errored;
}

/** Calls `action` once the terminal has taken everything written so far. */
export function onceTaken(stdout: NodeJS.WriteStream, action: () => void): void {
  stdout.write('', () => action());
}

/** Resolves when `work` does, or when a terminal that takes nothing has had its time. */
export function withoutWaitingForever(work: Promise<unknown>, clock: Clock): Promise<unknown> {
  return endsWithin(clock, LAST_WORDS_MS, work);
}
