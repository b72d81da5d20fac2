import type { Task } from './task.ts';

/** The entry in a task's `via` that stands for relays. */
export const BY_RELAYS = 'nostr';

/** How many servers in a row may pass a task on. */
const MOST_HOPS = 16;
const LONGEST_ID = 100;

/** Reads the `via` of a task from outside; returns an object without it if the task came directly. */
export function viaOf(raw: unknown): Pick<Task, 'via'> {
  const ids = Array.isArray(raw) ? raw.slice(0, MOST_HOPS) : [];
  const via = ids.filter((id): id is string => typeof id === 'string' && id.length <= LONGEST_ID);
  return via.length === 0 ? {} : { via };
}

/**
 * Tells whether this server may pass a task on: not if it already has. Servers that are attached to each other in a circle
 * would otherwise pass it round as one new task after another, for ever.
 */
export function mayPassOn({ via = [] }: Task, serverId: string): boolean {
  return via.length < MOST_HOPS && !via.includes(serverId);
}

/** Returns the `via` of a task that this server passes on. */
export function passedOn({ via = [] }: Task, serverId: string): readonly string[] {
  return [serverId, ...via];
}
