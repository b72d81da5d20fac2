import type { DashboardState } from '../../model/dashboard-state.ts';
import type { Sink } from '../sink-feed.ts';
import { createFileSink } from './file-sink.ts';

/** Returns all sinks of an emitter with these options. */
export function sinksOf({
  onStateChange,
  file,
  sinks = [],
}: {
  readonly onStateChange?: (state: DashboardState) => void | Promise<void>;
  readonly file?: string;
  readonly sinks?: readonly Sink<DashboardState>[];
}): Sink<DashboardState>[] {
  return [
    ...(onStateChange ? [{ name: 'onStateChange', write: onStateChange, wantsEveryState: true }] : []),
    ...(file === undefined ? [] : [createFileSink(file)]),
    ...sinks,
  ];
}
