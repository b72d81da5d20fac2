import type { State } from '../store/state.ts';
import type { Feed } from './feed.ts';

/** A listener that takes none of a piece for so long is stuck, whatever else it does: it is cut off. */
export const STUCK_AFTER_MS = 60_000;

/** Somebody who listens to changes. */
export interface Listener {
  /** Resolves when the text is on its way, and there is room for more; never rejects. */
  write(text: string): Promise<void>;
  /** Aborts when the listener is gone. */
  readonly signal: AbortSignal;
}

/** What is said to a listener, in the words of one protocol. */
export interface Dialect {
  /** Everything known, in pieces, so that a slow reader never has more than one of them waiting. */
  opening(state: State): Iterable<string>;
  /** What is different between two states; empty if the protocol has nothing to say of it. */
  between(before: State, after: State): string;
}

/**
 * Keeps a listener up to date at its own pace, until it is gone. A slow one is told less often: states are immutable,
 * so what it missed is simply the difference to the last one it was told. Nothing piles up.
 */
export async function tell(listener: Listener, dialect: Dialect, feed: Feed): Promise<void> {
  const { signal } = listener;
  let told = feed.current();
  for (const piece of dialect.opening(told)) {
    if (signal.aborted) return;
    await listener.write(piece);
  }
  while (!signal.aborted) {
    const now = await feed.next(told, signal);
    const text = signal.aborted ? '' : dialect.between(told, now);
    told = now;
    if (text !== '') await listener.write(text);
  }
}

/** Listeners that keep up are told the same: the words for it are found once. */
export function rememberLast(between: Dialect['between']): Dialect['between'] {
  let last: { before: State; after: State; text: string } | null = null;
  return (before, after) => {
    if (last?.before !== before || last.after !== after)
      last = { before, after, text: between(before, after) };
    return last.text;
  };
}
