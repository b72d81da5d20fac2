import type { Box, BoxTimes } from './format.ts';

/** Remembers when the boxes of one file were ticked. The file itself tells only when it was last changed. */
export interface Ticks {
  /** The boxes as they stand in a file that was last changed at `modifiedAt` (epoch ms). */
  look(boxes: readonly Box[], modifiedAt: number): void;
  timesOf(key: string): BoxTimes;
  /** When a box was last ticked; null if none has been. */
  readonly lastTickAt: number | null;
}

const UNKNOWN: BoxTimes = { startedAt: null, endedAt: null };

/**
 * Creates the memory of a file that was not seen before. If there are ticks in it, its last change counts as one: that is
 * what most changes are.
 */
export function createTicks(): Ticks {
  let before: ReadonlyMap<string, Box> | null = null;
  let times = new Map<string, BoxTimes>();
  let lastTickAt: number | null = null;

  /**
   * Tells whether a box has just been ticked. One that is ticked and new may be an old one whose text was changed, so it
   * counts only if more are ticked than before.
   */
  function isTicked({ key, status }: Box, hasMore: boolean): boolean {
    const known = before?.get(key);
    if (status !== 'completed' || !before) return false;
    return known ? known.status !== 'completed' : hasMore;
  }

  function timesNow(box: Box, at: number, hasMore: boolean): BoxTimes {
    const known = times.get(box.key) ?? UNKNOWN;
    if (isTicked(box, hasMore)) return { ...known, endedAt: at };
    if (box.status === 'completed') return known;
    if (box.status !== 'running') return UNKNOWN;
    const isBegun = before !== null && before.get(box.key)?.status !== 'running';
    return { startedAt: isBegun ? at : known.startedAt, endedAt: null };
  }

  return {
    look(boxes, modifiedAt) {
      const hasMore = countTicked(boxes) > countTicked([...(before?.values() ?? [])]);
      const isTick = before ? boxes.some((box) => isTicked(box, hasMore)) : hasMore;
      times = new Map(boxes.map((box) => [box.key, timesNow(box, modifiedAt, hasMore)]));
      if (isTick) lastTickAt = modifiedAt;
      before = new Map(boxes.map((box) => [box.key, box]));
    },
    timesOf: (key) => times.get(key) ?? UNKNOWN,
    get lastTickAt() {
      return lastTickAt;
    },
  };
}

function countTicked(boxes: readonly Box[]): number {
  return boxes.filter(({ status }) => status === 'completed').length;
}
