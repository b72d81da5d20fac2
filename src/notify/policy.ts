import { keepNewest } from '../model/keep-newest.ts';
import { isSame } from './conditions.ts';
import type { Condition } from './event.ts';

/** When what holds is told, and how often. Times are ms of a clock that only goes forward. */
export interface Policy {
  /** Takes what holds of a place from now on; null if nothing does. */
  observe(place: string, condition: Condition | null, at: number): void;
  /** The place is not there any more: nothing of it is told, and what was told is not told again if it comes back. */
  lose(place: string): void;
  /** Returns what is to be told now, in the order in which it came, without what needs no telling: that counts as told. */
  take(at: number, isKnown: (condition: Condition) => boolean): Condition[];
  /** What is to be told if it goes on. */
  readonly waiting: readonly Condition[];
  /** When `take` has something to return, unless it ends before; null if nothing waits. */
  readonly nextAt: number | null;
}

export interface PolicyLimits {
  /** How long something has to hold before it is told. */
  readonly dwellMs: number;
  /** How long nothing more is told of the same place. */
  readonly placePauseMs?: number;
  /** How long nothing more is told at all: what comes meanwhile is told at once after it. */
  readonly pauseMs?: number;
}

const PLACE_PAUSE_MS = 60_000;
const PAUSE_MS = 5_000;
/** Of so many places it is remembered what was told of them. */
const MOST_REMEMBERED = 10_000;

interface Waiting {
  readonly condition: Condition;
  /** When it began to hold. */
  readonly since: number;
}

interface Told {
  /** What was told, or seen; null once that no longer held. */
  readonly condition: Condition | null;
  /** When somebody was last told of the place. */
  readonly at: number;
}

/** Decides what is told: nothing that goes away within the dwell, nothing twice, and of no place more than once a minute. */
export function createPolicy(limits: PolicyLimits): Policy {
  const { dwellMs, placePauseMs = PLACE_PAUSE_MS, pauseMs = PAUSE_MS } = limits;
  const waiting = new Map<string, Waiting>();
  const told = new Map<string, Told>();
  let quietUntil = Number.NEGATIVE_INFINITY;

  const dueAt = (place: string, { since }: Waiting) =>
    Math.max(since + dwellMs, (told.get(place)?.at ?? Number.NEGATIVE_INFINITY) + placePauseMs, quietUntil);

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
      if (news.length > 0) quietUntil = at + pauseMs;
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
