import type { Dismissals } from '../store/dismissals.ts';
import type { ViewController } from './view-controller.ts';

/** Remembers across restarts what was dismissed, or looked at. */
interface DismissalsStore {
  load(): Dismissals;
  save(dismissals: Dismissals): void;
}

/** Remembers across restarts which tasks are muted, by their places. */
interface MutesStore {
  load(): ReadonlySet<string>;
  set(place: string, isMuted: boolean): void;
}

/** What is remembered across restarts. */
export interface Memory {
  readonly dismissals: DismissalsStore;
  readonly seen: DismissalsStore;
  /** If absent, mutes are forgotten. */
  readonly mutes?: MutesStore;
}

/** Returns what was remembered, for the first view. */
export function remembered({ dismissals, seen, mutes }: Memory) {
  return { dismissals: dismissals.load(), seen: seen.load(), ...(mutes && { muted: mutes.load() }) };
}

/** Returns a function that saves what was dismissed, looked at or muted, if that has changed. */
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
