import { type Clock, systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { reasonOf } from '../../src/model/task.ts';
import type { Signer } from '../../src/nostr/signer.ts';
import type { Source } from '../../src/sources/kit/source.ts';
import { createNostrSource } from '../../src/sources/nostr/source.ts';
import { openView, type View } from '../sources/source-contract.ts';
import { QUICK_TIMES } from './watch-relays.ts';

/** An open nostr source, and what it has reported. */
export interface NostrView extends View {
  readonly source: Source;
  /** Returns every task in one line: the beginning of its id, status, progress, name, and why. */
  lines(): string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export function viewNostr(
  urls: readonly string[],
  options: { pubkeys?: readonly string[]; signer?: Signer; nowMs?: number } = {},
): NostrView {
  const { nowMs, ...rest } = options;
  const source = createNostrSource({
    id: sourceId('nostr'),
    urls,
    clock: nowMs === undefined ? systemClock : standingClock(nowMs),
    times: QUICK_TIMES,
    ...rest,
  });
  const view = openView(source);
  return {
    ...view,
    source,
    lines: () =>
      [...view.record().tasks.values()]
        .map(({ task }) => {
          const { state, reportedProgress, name, nativeId } = task;
          const result = state.status === 'completed' ? state.result : reasonOf(state);
          return [
            nativeId.slice(0, 6),
            state.status,
            reportedProgress ?? '–',
            name.slice(0, 40),
            result?.slice(0, 40).replaceAll('\n', '⏎') ?? '–',
          ].join(' | ');
        })
        .toSorted(),
    [Symbol.asyncDispose]: view.close,
  };
}

/** Timers run, but the time never changes, so that what is stored reads the same at any date. */
function standingClock(nowMs: number): Clock {
  return { ...systemClock, now: () => nowMs };
}
