import type { Task } from './task.ts';

/** Who is named in a task's `via` where it was told on relays. */
export const BY_RELAYS = 'nostr';

/** So many may pass a task on, one to the next. */
const MOST_HOPS = 16;
const LONGEST_ID = 100;

/** Returns by whom a task from outside came; nothing if it came directly. */
export function viaOf(raw: unknown): Pick<Task, 'via'> {
  const ids = Array.isArray(raw) ? raw.slice(0, MOST_HOPS) : [];
  const via = ids.filter((id): id is string => typeof id === 'string' && id.length <= LONGEST_ID);
  return via.length === 0 ? {} : { via };
}

/**
 * Tells whether this server may tell others of a task. Not if it has told it before: servers that are attached to one
 * another, in however wide a circle, would tell it to each other as one more task, for ever.
 */
export function mayPassOn({ via = [] }: Task, serverId: string): boolean {
  return via.length < MOST_HOPS && !via.includes(serverId);
}

/** Returns by whom a task comes to those whom this server tells of it. */
export function passedOn({ via = [] }: Task, serverId: string): readonly string[] {
  return [serverId, ...via];
}
