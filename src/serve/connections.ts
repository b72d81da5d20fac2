import type { Socket } from 'node:net';

/** What a connection has proved so far: nothing, that it may read, or that it may do everything. */
export type Standing = 'unknown' | 'reader' | 'owner';

/** The connections of one server, limited in number and all accounted for. */
export interface Connections {
  /** Adds a new connection. If there are too many, the oldest of those with the lowest standing is closed for it. */
  add(socket: Socket): void;
  /** Records what a connection may do; its standing never falls. */
  raise(socket: Socket, standing: Standing): void;
  /** Closes every connection, whatever protocol it speaks by now. */
  destroyAll(): void;
}

/** A connection with the token, or through the owner's own socket, is never closed for another one. */
const EVICTABLE: readonly Standing[] = ['unknown', 'reader'];

/**
 * Counts connections where the system hands them over, so that none is missed. Node's own count loses a connection at an
 * upgrade, and its own limit refuses the newest, with which anybody could lock out everybody else.
 */
export function createConnections(most: number): Connections {
  /** Oldest first. */
  const open = new Map<Socket, Standing>();

  function findEvictable(): Socket | undefined {
    for (const standing of EVICTABLE) {
      for (const [socket, its] of open) if (its === standing) return socket;
    }
    return undefined;
  }

  return {
    add(socket) {
      if (open.size >= most) {
        const victim = findEvictable();
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
