import type { Clock } from '../clock.ts';
import type { Monitor } from '../monitor.ts';
import { type DocumentContext, snapshotDocument } from '../present/snapshot.ts';
import type { Filter } from '../store/filter.ts';
import { type SortKey, selectEntries } from '../store/select.ts';
import type { State } from '../store/state.ts';

/** Figures in a snapshot (what has fallen silent, how long it will still take) may be so old. */
const KEPT_MS = 1_000;

/** The snapshot of `--json` as text. Many who ask at once are given the same one: it may be megabytes. */
export function createSnapshots(options: {
  readonly monitor: Pick<Monitor, 'getState'>;
  readonly clock: Clock;
  readonly isListed: Filter;
  readonly sort: SortKey;
  readonly context: () => DocumentContext;
}): { text(): string } {
  const { monitor, clock, isListed: filter, sort, context } = options;
  let last: { readonly state: State; readonly at: number; readonly text: string } | null = null;

  return {
    text() {
      const state = monitor.getState();
      if (last?.state !== state || clock.monotonic() - last.at > KEPT_MS) {
        const document = snapshotDocument(state, selectEntries(state, { filter, sort }), context());
        last = { state, at: clock.monotonic(), text: JSON.stringify(document) };
      }
      return last.text;
    },
  };
}
