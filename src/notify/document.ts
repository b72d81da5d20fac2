import type { NotificationDocument } from './document-schema.ts';
import type { Notification } from './event.ts';

const MOST_ITEMS = 20;

/** Returns a notification as programs get it. `by` is the `user@host` of this taskglass. */
export function notificationDocument(told: Notification, by: string): NotificationDocument {
  return {
    version: 1,
    event: told.event,
    test: told.isTest,
    at: new Date(told.at).toISOString(),
    by,
    title: told.title,
    text: told.text,
    count: told.conditions.length,
    items: told.conditions
      .slice(0, MOST_ITEMS)
      .map(({ event, id, name, text, source, host }) => ({ event, id, name, text, source, host })),
  };
}
