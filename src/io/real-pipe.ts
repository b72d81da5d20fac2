import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/** A pipe as shells make them. */
export interface RealPipe {
  readonly readable: Readable;
  /** A descriptor for the command; to be closed here once the command has it. */
  readonly writeEnd: number;
}

/**
 * Makes so many pipes that a command can open by name too (`echo x > /dev/stderr`): those of Node's `stdio: 'pipe'` are
 * sockets, which nobody can. They are FIFOs in a directory of our own, which is gone once all ends are open. Returns none
 * if the system makes none.
 */
export async function openRealPipes(count: number): Promise<RealPipe[]> {
  if (count === 0) return [];
  const directory = await mkdtemp(join(tmpdir(), 'taskglass-')).catch(() => null);
  if (directory === null) return [];
  const fifos = Array.from({ length: count }, (_, index) => join(directory, `${index}`));
  const opened: number[] = [];
  const open = (fifo: string, flags: number) => {
    const end = openSync(fifo, flags);
    opened.push(end);
    return end;
  };
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', ...fifos]);
    const ends = fifos.map((fifo) => ({
      // Without O_NONBLOCK it would wait for a writer, as opening it for writing waits for a reader.
      readEnd: open(fifo, constants.O_RDONLY | constants.O_NONBLOCK),
      writeEnd: open(fifo, constants.O_WRONLY),
    }));
    return ends.map(({ readEnd, writeEnd }) => ({
      readable: new Socket({ fd: readEnd, readable: true, writable: false }),
      writeEnd,
    }));
  } catch {
    for (const end of opened) closeSync(end);
    return [];
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}
