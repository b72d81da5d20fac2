import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { listen } from './listen.ts';

/** A pipe of the kind that shells make. */
export interface RealPipe {
  readonly readable: Readable;
  /** A descriptor for the command. */
  readonly writeEnd: number;
  /** Closes it here, once the command has it. */
  closeWriteEnd(): void;
}

/**
 * Makes this many pipes, in a directory of our own that is removed once all ends are open. Several outputs can share one and
 * so keep their order, and a command can open it by name (`echo x > /dev/stderr`). On Linux, that is impossible with the
 * sockets that `stdio: 'pipe'` makes, so FIFOs are used there. Elsewhere, sockets can be opened by name like any other
 * descriptor, and macOS does not tell the event loop that the last writer of a FIFO is gone. Returns none if the system
 * cannot make any.
 */
export async function openRealPipes(
  count: number,
  platform: NodeJS.Platform = process.platform,
): Promise<RealPipe[]> {
  if (count === 0 || platform === 'win32') return [];
  const directory = await mkdtemp(join(tmpdir(), 'taskglass-')).catch(() => null);
  if (directory === null) return [];
  const places = Array.from({ length: count }, (_, index) => join(directory, `${index}`));
  try {
    return await (platform === 'linux' ? openFifos(places) : Promise.all(places.map(openSocketPair)));
  } catch {
    return [];
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

async function openFifos(places: readonly string[]): Promise<RealPipe[]> {
  const opened: number[] = [];
  const open = (fifo: string, flags: number) => {
    const end = openSync(fifo, flags);
    opened.push(end);
    return end;
  };
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', ...places]);
    const ends = places.map((fifo) => ({
      // Without O_NONBLOCK, it would wait for a writer, just as opening it for writing waits for a reader.
      readEnd: open(fifo, constants.O_RDONLY | constants.O_NONBLOCK),
      writeEnd: open(fifo, constants.O_WRONLY),
    }));
    return ends.map(({ readEnd, writeEnd }) => ({
      readable: new Socket({ fd: readEnd, readable: true, writable: false }),
      writeEnd,
      closeWriteEnd: () => closeSync(writeEnd),
    }));
  } catch (error) {
    for (const end of opened) closeSync(end);
    throw error;
  }
}

/** Opens a pair of sockets, as `stdio: 'pipe'` does, one end of which can be given to a command more than once. */
async function openSocketPair(place: string): Promise<RealPipe> {
  const server = createServer();
  const accepted = once(server, 'connection');
  accepted.catch(() => {});
  await listen(server, { path: place });
  const end = connect(place);
  try {
    await once(end, 'connect');
    const [readable] = (await accepted) as [Socket];
    const { fd } = (end as unknown as { readonly _handle: { readonly fd: number } })._handle;
    return { readable, writeEnd: fd, closeWriteEnd: () => void end.destroy() };
  } catch (error) {
    end.destroy();
    throw error;
  } finally {
    server.close();
  }
}
