import { z } from 'zod';
import { NOTIFY_EVENTS } from './event.ts';

/** A notification as programs get it: the body of a `webhook`'s request, the standard input of an `exec` command. */
export const NotificationDocument = z.object({
  version: z.literal(1),
  /** The most urgent event in it. */
  event: z.enum(NOTIFY_EVENTS),
  /** Whether it is only a test of whether notifications arrive. */
  test: z.boolean(),
  /** When it was sent, ISO 8601. */
  at: z.iso.datetime(),
  /** `user@host` of the taskglass that sent it. */
  by: z.string(),
  /** One line each, for people. */
  title: z.string(),
  text: z.string(),
  /** How many tasks and sources it is about. */
  count: z.int(),
  /** Those, the most urgent first; at most twenty. */
  items: z.array(
    z.object({
      event: z.enum(NOTIFY_EVENTS),
      /** The task's id, as `taskglass send` takes it, or the source's; null for `all-done`. */
      id: z.string().nullable(),
      name: z.string(),
      /** The question, the error, the result, or what is wrong with the source. */
      text: z.string().nullable(),
      source: z.string().nullable(),
      host: z.string().nullable(),
    }),
  ),
});
export type NotificationDocument = z.infer<typeof NotificationDocument>;
