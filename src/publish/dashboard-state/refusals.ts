import { keepNewest } from '../../model/keep-newest.ts';

/** How many a state lists, the newest; the others are counted. */
const SHOWN = 20;
/** How many are remembered, the newest; others are no longer distinguished from tasks that never existed. */
const REMEMBERED = 1_000;

/**
 * The tasks that an emitter refused. They are in the state's `errors` by their id, not among its tasks: as failed tasks,
 * readers would count and report them as failed, although the work may still be done.
 */
export interface Refusals {
  /** `now` is monotonic ms. */
  add(taskId: string, why: string, now: number): void;
  has(taskId: string): boolean;
  /** Returns true if there was one. */
  remove(taskId: string): boolean;
  /** Removes what was refused at `until` (monotonic ms) or before; returns true if there was any. */
  removeUntil(until: number): boolean;
  /** Returns when the oldest one was refused, monotonic ms; empty if there is none. */
  oldest(): readonly number[];
  /** Returns them as a state's `errors`. */
  errors(): Record<string, string>;
}

export function createRefusals(): Refusals {
  /** The oldest first. */
  const refused = new Map<string, { readonly why: string; readonly at: number }>();
  return {
    add(taskId, why, at) {
      refused.delete(taskId);
      refused.set(taskId, { why, at });
      keepNewest(refused, REMEMBERED);
    },
    has: (taskId) => refused.has(taskId),
    remove: (taskId) => refused.delete(taskId),
    removeUntil(until) {
      const { size } = refused;
      for (const [taskId, { at }] of refused) if (at <= until) refused.delete(taskId);
      return refused.size < size;
    },
    oldest: () => [...refused.values()].slice(0, 1).map(({ at }) => at),
    errors() {
      const shown = [...refused].slice(-SHOWN).map(([taskId, { why }]): [string, string] => [taskId, why]);
      const more = refused.size - shown.length;
      const count = refused.size < REMEMBERED ? `${more}` : `at least ${more}`;
      return Object.fromEntries(more > 0 ? [...shown, ['…', `${count} more tasks were refused`]] : shown);
    },
  };
}

/** @throws RangeError if it cannot be a limit of tasks under way */
export function checkedLimit(limit: number): number {
  const isLimit = Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY;
  if (isLimit && limit > 0) return limit;
  throw new RangeError(`maxActiveTasks is ${limit}: it must be a whole number above 0, or Infinity`);
}

/** Returns why no further task is accepted. */
export function limitWords(limit: number): string {
  return `${limit} ${limit === 1 ? 'task is' : 'tasks are'} already running, which is the limit`;
}
