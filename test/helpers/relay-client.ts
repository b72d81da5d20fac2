import { once } from 'node:events';
import type { VerifiedEvent } from 'nostr-tools/core';
import { WebSocket } from 'ws';

/**
 * Publishes events on a relay, one after the other, and resolves when each was accepted. Rejects with the reason of a refusal.
 */
export async function publishTo(url: string, events: readonly VerifiedEvent[]): Promise<void> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  for (const event of events) {
    socket.send(JSON.stringify(['EVENT', event]));
    const [data] = await once(socket, 'message');
    const [, , accepted, reason] = JSON.parse(String(data)) as [string, string, boolean, string];
    if (!accepted) throw new Error(reason);
  }
  socket.close();
  await once(socket, 'close');
}
