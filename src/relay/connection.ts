import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { LIMITS } from './limits.ts';
import type { Client, ClientContext, ClientReadyState } from './nostr-relay.ts';

/** How often a client is asked whether it is still there (ms); one that did not answer the last time is cut off. */
const PING_INTERVAL_MS = 30_000;

/** The socket as the library wants it; a client that does not read what it asked for is cut off. */
export function clientOf(socket: WebSocket): Client {
  return {
    get readyState(): ClientReadyState {
      return socket.readyState as ClientReadyState;
    },
    send(data: string) {
      if (socket.bufferedAmount > LIMITS.backlogBytes) socket.terminate();
      else socket.send(data, () => {});
    },
  };
}

/** Ends half-open connections: on a LAN, machines fall asleep. Stops by itself when the socket closes. */
export function keepAlive(socket: WebSocket, clock: Clock): void {
  let answered = true;
  let cancel = () => {};
  const ask = () => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    cancel = clock.after(PING_INTERVAL_MS, ask);
  };
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => cancel());
  cancel = clock.after(PING_INTERVAL_MS, ask);
}

/** Null if the client may open the subscription, else why not: the library forgets the oldest one silently. */
export function complaintAboutSubscription(
  context: ClientContext | undefined,
  subscriptionId: string,
): string | null {
  if (!context || context.subscriptions.has(subscriptionId)) return null;
  if (context.subscriptions.size < LIMITS.subscriptions) return null;
  return `error: at most ${LIMITS.subscriptions} subscriptions a connection`;
}
