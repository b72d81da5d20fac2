import { matchesAny } from './match.ts';
import type { ClientContext, Event } from './nostr-relay.ts';

/**
 * Sends an event to every subscription that it matches. Replaces the library's own broadcast, which ignores the tags of
 * filters, so that every subscriber would get the feedback on every job.
 */
export function sendToSubscribers(clients: Iterable<ClientContext>, event: Event): void {
  const json = JSON.stringify(event);
  for (const context of clients) {
    for (const [id, filters] of context.subscriptions.entries()) {
      if (context.isOpen && matchesAny(filters, event))
        context.client.send(`["EVENT",${JSON.stringify(id)},${json}]`);
    }
  }
}
