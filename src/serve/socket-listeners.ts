import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import { SOCKET_PROTOCOL } from './access.ts';
import { type Listener, STUCK_AFTER_MS } from './listener.ts';
import { piecesOf } from './pieces.ts';

/** The open WebSockets. */
export interface SocketListeners {
  readonly size: number;
  /** Takes over a connection that was let in; `opened` receives the listener. */
  open(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (listener: Listener) => void): void;
  /** Says goodbye to every listener. */
  close(): void;
}

/** What a listener sends is never read, so nothing long is accepted. */
const LONGEST_FRAME_BYTES = 4 * 1024;
const PING_EVERY_MS = 15_000;
const GOING_AWAY = 1001;

/**
 * Creates the WebSocket listeners. A listener that has not answered a ping when the next one is due is gone, or reads too
 * slowly, and is disconnected.
 */
export function createSocketListeners(clock: Clock): SocketListeners {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_FRAME_BYTES,
    handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
  });
  const unanswered = new WeakSet<WebSocket>();
  let stopPings = () => {};

  function pingSoon(): void {
    stopPings = clock.after(PING_EVERY_MS, () => {
      for (const socket of server.clients) {
        if (unanswered.has(socket)) socket.terminate();
        unanswered.add(socket);
        socket.ping();
      }
      pingSoon();
    });
  }

  function listenerOf(socket: WebSocket): Listener {
    const gone = new AbortController();
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => unanswered.delete(socket));
    socket.on('close', () => {
      gone.abort();
      if (server.clients.size === 0) stopPings();
    });
    return {
      signal: gone.signal,
      async write(text) {
        const pieces = [...piecesOf(text)];
        for (const [index, piece] of pieces.entries()) {
          if (gone.signal.aborted) return;
          await send(socket, piece, index === pieces.length - 1);
        }
      },
    };
  }

  /** Sends a piece of a message; resolves once the system has accepted it, or nobody will any more. */
  function send(socket: WebSocket, piece: string, isLast: boolean): Promise<void> {
    return new Promise((resolve) => {
      const calmDown = clock.after(STUCK_AFTER_MS, () => socket.terminate());
      socket.send(piece, { fin: isLast }, () => {
        calmDown();
        resolve();
      });
    });
  }

  return {
    get size() {
      return server.clients.size;
    },
    open(request, socket, head, opened) {
      server.handleUpgrade(request, socket, head, (client) => {
        if (server.clients.size === 1) pingSoon();
        opened(listenerOf(client));
      });
    },
    close() {
      stopPings();
      for (const socket of server.clients) socket.close(GOING_AWAY, 'the server is closing');
    },
  };
}
