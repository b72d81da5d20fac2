import type { StepStatus } from '../../model/task.ts';
import type { PlainText } from '../../model/text.ts';

/** An entry of a list that is ticked off in its file. `key` tells apart two with the same name. */
export interface Entry {
  readonly name: PlainText;
  readonly status: StepStatus;
  readonly key: string;
}

/** When an entry was begun or ticked, as far as that was observed (epoch ms). */
export interface EntryTimes {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** Remembers when the entries of one file were ticked. The file itself only says when it was last changed. */
export interface Ticks {
  /** Takes the entries of a file that was last changed at `modifiedAt` (epoch ms). */
  look(entries: readonly Entry[], modifiedAt: number): void;
  timesOf(key: string): EntryTimes;
  /** When an entry was last ticked; null if none has been. */
  readonly lastTickAt: number | null;
}

const UNKNOWN: EntryTimes = { startedAt: null, endedAt: null };

/**
 * Creates the memory of a file that was not seen before. If it has ticks, its last change counts as one, because most changes
 * are.
 */
export function createTicks(): Ticks {
  let before: ReadonlyMap<string, Entry> | null = null;
  let times = new Map<string, EntryTimes>();
  let lastTickAt: number | null = null;

  /**
   * Tells whether an entry has just been ticked. A new entry that is ticked may be an old one whose text was changed, so it
   * counts only if there are more ticks than before.
   */
  function isTicked({ key, status }: Entry, hasMore: boolean): boolean {
    const known = before?.get(key);
    if (status !== 'completed' || !before) return false;
    return known ? known.status !== 'completed' : hasMore;
  }

  function timesNow(entry: Entry, at: number, hasMore: boolean): EntryTimes {
    const known = times.get(entry.key) ?? UNKNOWN;
    if (isTicked(entry, hasMore)) return { ...known, endedAt: at };
    if (entry.status === 'completed') return known;
    if (entry.status !== 'running') return UNKNOWN;
    const isBegun = before !== null && before.get(entry.key)?.status !== 'running';
    return { startedAt: isBegun ? at : known.startedAt, endedAt: null };
  }

  return {
    look(entries, modifiedAt) {
      const hasMore = countTicked(entries) > countTicked([...(before?.values() ?? [])]);
      const isTick = before ? entries.some((entry) => isTicked(entry, hasMore)) : hasMore;
      times = new Map(entries.map((entry) => [entry.key, timesNow(entry, modifiedAt, hasMore)]));
      if (isTick) lastTickAt = modifiedAt;
      before = new Map(entries.map((entry) => [entry.key, entry]));
    },
    timesOf: (key) => times.get(key) ?? UNKNOWN,
    get lastTickAt() {
      return lastTickAt;
    },
  };
}

function countTicked(entries: readonly Entry[]): number {
  return entries.filter(({ status }) => status === 'completed').length;
}
