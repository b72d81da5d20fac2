import { keepNewest } from '../model/keep-newest.ts';
import { isSame } from './conditions.ts';
import type { Condition } from './event.ts';

/** Decides when conditions are reported, and how often. Times are monotonic ms. */
export interface Policy {
  /** Sets what is true of a place from now on; null if nothing is. */
  observe(place: string, condition: Condition | null, at: number): void;
  /** The place no longer exists: nothing of it is reported, and what was reported is not reported again if it comes back. */
  lose(place: string): void;
  /** Returns what to report now, in the order in which it appeared, without what `isKnown`, which counts as reported. */
  take(at: number, isKnown: (condition: Condition) => boolean): Condition[];
  /** What will be reported if it continues to be true. */
  readonly waiting: readonly Condition[];
  /** When `take` will return something, unless that ends before; null if nothing is waiting. */
  readonly nextAt: number | null;
}

/** The pause between two reports of the same place. */
const PLACE_PAUSE_MS = 60_000;
/** The pause between any two reports: what appears in it is reported together afterwards. */
const PAUSE_MS = 5_000;
/** For how many places it is remembered what was reported. */
const MOST_REMEMBERED = 10_000;

interface Waiting {
  readonly condition: Condition;
  /** When it became true. */
  readonly since: number;
}

interface Told {
  /** What was reported, or seen; null once that was no longer true. */
  readonly condition: Condition | null;
  /** When the place was last reported. */
  readonly at: number;
}

/**
 * Creates a policy: nothing that goes away within the dwell is reported, nothing is reported twice, and no place more than once
 * a minute. `dwellMs` is how long something has to be true before it is reported.
 */
export function createPolicy({ dwellMs }: { readonly dwellMs: number }): Policy {
  const waiting = new Map<string, Waiting>();
  const told = new Map<string, Told>();
  let quietUntil = Number.NEGATIVE_INFINITY;

  const dueAt = (place: string, { since }: Waiting) =>
    Math.max(since + dwellMs, (told.get(place)?.at ?? Number.NEGATIVE_INFINITY) + PLACE_PAUSE_MS, quietUntil);

  function remember(place: string, next: Told): void {
    told.delete(place);
    told.set(place, next);
    keepNewest(told, MOST_REMEMBERED);
  }

  return {
    observe(place, condition, at) {
      const before = told.get(place);
      if (before?.condition && !isSame(before.condition, condition))
        remember(place, { ...before, condition: null });
      if (condition === null || (before?.condition && isSame(before.condition, condition))) {
        waiting.delete(place);
        return;
      }
      const since = waiting.get(place);
      if (since && isSame(since.condition, condition)) waiting.set(place, { ...since, condition });
      else waiting.set(place, { condition, since: at });
    },
    lose: (place) => void waiting.delete(place),
    take(at, isKnown) {
      const due = [...waiting].filter(([place, each]) => dueAt(place, each) <= at);
      const news: Condition[] = [];
      for (const [place, { condition }] of due) {
        waiting.delete(place);
        const before = told.get(place)?.at ?? Number.NEGATIVE_INFINITY;
        const isNews = !isKnown(condition);
        remember(place, { condition, at: isNews ? at : before });
        if (isNews) news.push(condition);
      }
      if (news.length > 0) quietUntil = at + PAUSE_MS;
      return news;
    },
    get waiting() {
      return [...waiting.values()].map(({ condition }) => condition);
    },
    get nextAt() {
      let next = Number.POSITIVE_INFINITY;
      for (const [place, each] of waiting) next = Math.min(next, dueAt(place, each));
      return Number.isFinite(next) ? next : null;
    },
  };
}
