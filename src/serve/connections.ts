import type { Socket } from 'node:net';

/** How much a connection has shown of itself: nothing yet, that it may read, that it may do everything. */
export type Standing = 'unknown' | 'reader' | 'owner';

/** The connections of one server: no more than so many, none of which can be forgotten. */
export interface Connections {
  /** Keeps a new connection; in a full house the oldest of the least standing has to go for it. */
  add(socket: Socket): void;
  /** Remembers what a connection may do; its standing never falls. */
  raise(socket: Socket, standing: Standing): void;
  /** Cuts every connection, whatever protocol it speaks by now. */
  destroyAll(): void;
}

/** Who holds the token, or comes by the owner's own socket, is never put out for somebody else. */
const MAY_BE_PUT_OUT: readonly Standing[] = ['unknown', 'reader'];

/**
 * Counts connections where the system hands them over, so that none is missed: Node's own count of them ends with an
 * upgrade, and its own limit turns the newest away, which lets anybody lock everybody else out.
 */
export function createConnections(most: number): Connections {
  /** Oldest first. */
  const open = new Map<Socket, Standing>();

  function putOut(): Socket | undefined {
    for (const standing of MAY_BE_PUT_OUT) {
      for (const [socket, its] of open) if (its === standing) return socket;
    }
    return undefined;
  }

  return {
    add(socket) {
      if (open.size >= most) {
        const victim = putOut();
        if (!victim) return void socket.destroy();
        open.delete(victim);
        victim.destroy();
      }
      open.set(socket, 'unknown');
      socket.once('close', () => open.delete(socket));
    },
    raise(socket, standing) {
      if (open.has(socket) && open.get(socket) !== 'owner') open.set(socket, standing);
    },
    destroyAll() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
