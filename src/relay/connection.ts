import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { LIMITS } from './limits.ts';
import type { Client, ClientContext, ClientReadyState } from './nostr-relay.ts';

/** How often clients are pinged (ms); one that did not answer the last ping is disconnected. */
const PING_INTERVAL_MS = 30_000;

/** Wraps a socket for the library. A client that does not read what it requested is disconnected. */
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

/** Ends half-open connections, because machines on a LAN fall asleep. Stops by itself when the socket closes. */
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

/** Returns why a client may not open a subscription; null if it may. (The library would silently drop the oldest one.) */
export function complaintAboutSubscription(
  context: ClientContext | undefined,
  subscriptionId: string,
): string | null {
  if (!context || context.subscriptions.has(subscriptionId)) return null;
  if (context.subscriptions.size < LIMITS.subscriptions) return null;
  return `error: at most ${LIMITS.subscriptions} subscriptions a connection`;
}
