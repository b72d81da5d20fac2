import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type ServerHttp2Stream } from 'node:http2';
import {
  type AddressInfo,
  connect as connectTo,
  createServer as createListener,
  type Socket,
} from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';

/**
 * A tunnel carries any number of connections over one pair of pipes, such as those of `ssh`, each with its own flow control:
 * each is an HTTP/2 stream that was opened by `CONNECT`. Whatever connects us may print something first, so the tunnel
 * begins with a greeting.
 */
const GREETING = Buffer.from('\ntaskglass tunnel 1\n');
/** What a shell prints at login is shorter. */
const LONGEST_NOISE_BYTES = 64 * 1024;
/** How much may be in flight; less would leave a slow connection idle. */
const WINDOW_BYTES = 1024 * 1024;
const SETTINGS = { initialWindowSize: WINDOW_BYTES, enablePush: false };

/** The far end of a tunnel, where connections arrive. */
export interface TunnelServer {
  /** Resolves when the other side is gone, or the tunnel was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Accepts the connections that arrive through these pipes. Nothing else may be written to `output`. */
export async function serveTunnel(
  { input, output }: { readonly input: Readable; readonly output: Writable },
  onConnection: (connection: Duplex) => void,
): Promise<TunnelServer> {
  output.write(GREETING);
  const pipes = await asSocket(input, output);
  const server = createServer({ settings: SETTINGS });
  const ended = Promise.withResolvers<void>();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    if (headers[':method'] !== 'CONNECT') return stream.close();
    stream.respond({ ':status': 200 });
    onConnection(stream);
  });
  server.on('sessionError', () => pipes.destroy());
  server.on('session', (session) => {
    session.on('error', () => {});
    session.once('close', ended.resolve);
  });
  pipes.once('close', ended.resolve);
  server.emit('connection', pipes);
  return { ended: ended.promise, close: () => pipes.destroy() };
}

/** The near end of a tunnel. */
export interface Tunnel {
  /** Opens a connection. One that fails later reports that like any stream; throws if the tunnel is closed. */
  connect(): Duplex;
  /** Ends every connection. */
  close(): void;
}

/**
 * Opens the tunnel whose far end is at the other end of these pipes. Returns null if no greeting arrives, because the pipes
 * end first, or too much of something else arrives.
 */
export async function openTunnel(input: Readable, output: Writable): Promise<Tunnel | null> {
  if (!(await greeted(input))) return null;
  const pipes = await asSocket(input, output);
  const session = connect('http://tunnel', { createConnection: () => pipes, settings: SETTINGS });
  session.on('error', () => {});
  session.once('connect', () => {
    if (!session.destroyed) session.setLocalWindowSize(4 * WINDOW_BYTES);
  });
  return {
    connect: () => connection(session),
    close() {
      session.destroy();
      pipes.destroy();
    },
  };
}

function connection(session: ClientHttp2Session): Duplex {
  if (session.closed || session.destroyed)
    throw Object.assign(new Error('the tunnel is closed'), { code: 'ECONNRESET' });
  const stream = session.request({ ':method': 'CONNECT', ':authority': 'taskglass:0' });
  stream.on('error', () => {});
  return stream;
}

/**
 * Skips everything before the greeting, and resolves with whether the greeting arrived; what follows it remains to be read.
 */
async function greeted(input: Readable): Promise<boolean> {
  // The greeting begins with a line break, so that whatever is printed before it need not end with one.
  let read = Buffer.from('\n');
  while (read.length <= LONGEST_NOISE_BYTES + GREETING.length) {
    const piece: Buffer | null = input.read();
    if (piece === null) {
      if (!(await readableOrOver(input))) return false;
      continue;
    }
    read = Buffer.concat([read, piece]);
    const at = read.indexOf(GREETING);
    if (at === -1) continue;
    input.unshift(read.subarray(at + GREETING.length));
    return true;
  }
  return false;
}

async function readableOrOver(input: Readable): Promise<boolean> {
  if (input.readableEnded || input.destroyed) return false;
  const over = new AbortController();
  const { signal } = over;
  const first = await Promise.race([
    once(input, 'readable', { signal }).then(() => true),
    once(input, 'end', { signal }).then(() => false),
    once(input, 'close', { signal }).then(() => false),
  ]).catch(() => false);
  over.abort();
  return first;
}

/**
 * Returns these pipes as a single system socket. Node's HTTP/2 accepts any stream, but closing one that is being written to
 * fails an assertion in Node, which ends the process.
 */
async function asSocket(input: Readable, output: Writable): Promise<Socket> {
  const server = createListener({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connectTo((server.address() as AddressInfo).port, '127.0.0.1');
  // Anybody on this machine can connect in that moment, so only our own connection is accepted.
  const far = await new Promise<Socket>((resolve, reject) => {
    near.once('error', reject);
    const waiting: Socket[] = [];
    const choose = () => {
      const mine = waiting.find(
        (socket) => near.localPort !== undefined && socket.remotePort === near.localPort,
      );
      if (!mine) return;
      for (const other of waiting) if (other !== mine) other.destroy();
      server.close();
      resolve(mine);
    };
    near.once('connect', choose);
    server.on('connection', (socket: Socket) => {
      waiting.push(socket);
      choose();
    });
  });
  for (const socket of [near, far]) socket.setNoDelay(true).on('error', () => {});
  const over = () => {
    far.destroy();
    input.destroy();
    output.destroy();
  };
  for (const end of [input, output, far]) end.once('error', over).once('close', over);
  input.pipe(far).pipe(output);
  return near;
}
