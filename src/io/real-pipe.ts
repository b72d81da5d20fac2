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
 * Makes a pipe that a command can open by name too (`echo x > /dev/stderr`): those of Node's `stdio: 'pipe'` are sockets,
 * which nobody can. It is a FIFO in a directory of our own, which is gone once both ends are open. null where the system
 * makes none.
 */
export async function openRealPipe(): Promise<RealPipe | null> {
  const directory = await mkdtemp(join(tmpdir(), 'taskglass-')).catch(() => null);
  if (directory === null) return null;
  const fifo = join(directory, 'pipe');
  const ends: number[] = [];
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', fifo]);
    // Without O_NONBLOCK it would wait for a writer, and whoever opens it for writing for a reader.
    const readEnd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    ends.push(readEnd);
    const writeEnd = openSync(fifo, constants.O_WRONLY);
    ends.push(writeEnd);
    return { readable: new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd };
  } catch {
    for (const end of ends) closeSync(end);
    return null;
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}
