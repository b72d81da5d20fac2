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

/** A pipe as shells make them. */
export interface RealPipe {
  readonly readable: Readable;
  /** A descriptor for the command. */
  readonly writeEnd: number;
  /** Closes it here, once the command has it. */
  closeWriteEnd(): void;
}

/**
 * Makes so many pipes, in a directory of our own which is gone once all ends are open: each for as many outputs as are to
 * keep their order, and one that a command can open by name too (`echo x > /dev/stderr`). On Linux nobody can do that with
 * those of Node's `stdio: 'pipe'`, which are sockets; so there they are FIFOs. Elsewhere a socket is opened by its name like
 * any other descriptor, and of a FIFO macOS does not tell the event loop that its last writer is gone. Returns none if the
 * system makes none.
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
      // Without O_NONBLOCK it would wait for a writer, as opening it for writing waits for a reader.
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

/** Opens a pair of sockets, as `stdio: 'pipe'` has them, of which one end can be given to a command more than once. */
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
