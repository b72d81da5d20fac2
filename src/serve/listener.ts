import type { State } from '../store/state.ts';
import type { Feed } from './feed.ts';

/** A listener that accepts nothing for this long is stuck and is disconnected. */
export const STUCK_AFTER_MS = 60_000;

/** A client that listens to changes. */
export interface Listener {
  /** Resolves once the text is on its way and there is room for more; never rejects. */
  write(text: string): Promise<void>;
  /** Aborts when the listener is gone. */
  readonly signal: AbortSignal;
}

/** What a listener is told, in one protocol. */
export interface Dialect {
  /** Returns everything that is known, in pieces, so that at most one of them is waiting for a slow reader. */
  opening(state: State): Iterable<string>;
  /** Returns the difference between two states; empty if the protocol cannot express it. */
  between(before: State, after: State): string;
}

/**
 * Keeps a listener up to date at its own pace, until it is gone. A slow one is told less often: states are immutable, so
 * what it missed is part of the difference from the last one that it was told. Nothing accumulates.
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

/** Remembers the last difference, because all listeners that keep up are told the same. */
export function rememberLast(between: Dialect['between']): Dialect['between'] {
  let last: { before: State; after: State; text: string } | null = null;
  return (before, after) => {
    if (last?.before !== before || last.after !== after)
      last = { before, after, text: between(before, after) };
    return last.text;
  };
}
