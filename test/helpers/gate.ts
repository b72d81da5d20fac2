import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP gate in front of a server: the server keeps running, but nobody gets through while the gate is shut. */
export interface Gate {
  readonly port: number;
  /** How many connections are open now. */
  readonly open: number;
  /** Breaks every connection and refuses new ones. */
  shut(): Promise<void>;
  unlock(): Promise<void>;
  /** Lets nothing through any more, but ends no connection, like a pulled cable. */
  freeze(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openGate(targetPort: number): Promise<Gate> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((outside) => {
    const inside = connect(targetPort, '127.0.0.1');
    const pair: [Socket, Socket] = [outside, inside];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      outside.destroy();
      inside.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    outside.pipe(inside).pipe(outside);
  });

  const unlock = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const shut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const [outside, inside] of pairs) {
      outside.resetAndDestroy();
      inside.destroy();
    }
    await closed;
  };

  await unlock(0);
  const { port } = server.address() as { port: number };
  return {
    port,
    get open() {
      return pairs.size;
    },
    shut,
    unlock: () => unlock(port),
    freeze() {
      for (const pair of pairs) {
        for (const socket of pair) socket.unpipe().pause();
      }
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await shut();
    },
  };
}
