import type { Channel } from '../channel.ts';
import { notificationDocument } from '../document.ts';
import type { Poster } from '../post.ts';

/** Posts the notification as JSON to an address of the user's. */
export function createWebhook(poster: Poster, by: string): Channel {
  return {
    tell: (told, signal) => poster.post(notificationDocument(told, by), { signal, isOnce: told.isTest }),
    // Only its answer tells what prevents notifications.
    check: async () => [],
  };
}
