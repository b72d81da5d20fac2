import type { Clock } from '../clock.ts';
import type { Monitor } from '../monitor.ts';
import { type DocumentContext, snapshotDocument } from '../present/snapshot.ts';
import type { Filter } from '../store/filter.ts';
import { type SortKey, selectEntries } from '../store/select.ts';
import { rememberText } from './remember-text.ts';

/** Creates the texts of the snapshot, as with `--json`. */
export function createSnapshots(options: {
  readonly monitor: Pick<Monitor, 'getState'>;
  readonly clock: Clock;
  readonly isListed: Filter;
  readonly sort: SortKey;
  readonly context: () => DocumentContext;
}): { text(): string } {
  const { monitor, clock, isListed: filter, sort, context } = options;
  const textOf = rememberText(
    (state) => JSON.stringify(snapshotDocument(state, selectEntries(state, { filter, sort }), context())),
    clock.monotonic,
  );
  return { text: () => textOf(monitor.getState()) };
}
