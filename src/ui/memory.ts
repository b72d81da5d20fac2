import type { Dismissals } from '../store/dismissals.ts';
import type { ViewController } from './view-controller.ts';

/** Remembers what was dismissed, or looked at, from one start to the next. */
interface DismissalsStore {
  load(): Dismissals;
  save(dismissals: Dismissals): void;
}

/** Remembers which tasks are muted from one start to the next, by their places. */
interface MutesStore {
  load(): ReadonlySet<string>;
  set(place: string, isMuted: boolean): void;
}

/** What is remembered from one start to the next. */
export interface Memory {
  readonly dismissals: DismissalsStore;
  readonly seen: DismissalsStore;
  /** Mutes are forgotten where absent. */
  readonly mutes?: MutesStore;
}

/** Returns what was remembered, for the first view. */
export function remembered({ dismissals, seen, mutes }: Memory) {
  return { dismissals: dismissals.load(), seen: seen.load(), ...(mutes && { muted: mutes.load() }) };
}

/** Keeps what was dismissed, looked at and muted whenever that has changed. */
export function createKeeping(controller: ViewController, stores: Memory): () => void {
  let kept = controller.view;
  return () => {
    const { view } = controller;
    if (view.dismissals !== kept.dismissals) stores.dismissals.save(view.dismissals);
    if (view.seen !== kept.seen) stores.seen.save(view.seen);
    if (stores.mutes) keepMutes(kept.muted, view.muted, stores.mutes);
    kept = view;
  };
}

function keepMutes(before: ReadonlySet<string>, after: ReadonlySet<string>, mutes: MutesStore): void {
  if (before === after) return;
  for (const place of new Set([...before, ...after]))
    if (before.has(place) !== after.has(place)) mutes.set(place, after.has(place));
}
