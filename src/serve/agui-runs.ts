import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Clock, sleep } from '../clock.ts';
import { eventText, RUN_END_AFTER_MS, runStarted, watchRun } from '../publish/agui/run-events.ts';
import type { RunIds } from '../publish/agui/run-input.ts';
import type { Filter } from '../store/filter.ts';
import { allEntries, type State } from '../store/state.ts';
import type { AguiDialect } from './agui-dialect.ts';
import type { Feed } from './feed.ts';
import type { Dialect, Listener } from './listener.ts';

/** Returns the dialect as a run that does not end, for listeners that use GET. */
export function asEndlessRun(dialect: AguiDialect, threadId: string): Dialect {
  return {
    ...dialect,
    // In one piece, because a run without a state would briefly be shown as a task of its own.
    opening: (state) => [
      eventText(runStarted({ threadId, runId: randomUUID() })) + [...dialect.opening(state)].join(''),
    ],
  };
}

/** Describes the tasks to a listener as one AG-UI run, until none of them is under way, and ends the stream. */
export async function tellRun(
  listener: Listener,
  response: ServerResponse,
  ids: RunIds,
  world: {
    readonly dialect: AguiDialect;
    readonly feed: Feed;
    readonly clock: Clock;
    readonly isListed: Filter;
  },
): Promise<void> {
  const { dialect, feed, clock } = world;
  const { signal } = listener;
  const isOver = (state: State) =>
    !allEntries(state)
      .filter(world.isListed)
      .some(({ task }) => isUnderWay(task.state.status));
  let told = feed.current();
  const watch = watchRun(ids, dialect.tasksOf(told));
  await listener.write(eventText(runStarted(ids)) + [...dialect.opening(told)].join(''));
  while (!signal.aborted) {
    const patience = new AbortController();
    const waiting = AbortSignal.any([signal, patience.signal]);
    if (isOver(told)) void sleep(clock, RUN_END_AFTER_MS, waiting).then(() => patience.abort());
    const now = await feed.next(told, waiting);
    patience.abort();
    if (signal.aborted) return;
    watch.see(dialect.tasksOf(now));
    if (now === told) return void response.end(eventText(watch.end()));
    const text = dialect.between(told, now);
    told = now;
    if (text !== '') await listener.write(text);
  }
}

/** Tells whether a task keeps a run open. One that waits for its turn does not, because it may wait forever. */
function isUnderWay(status: string): boolean {
  return status === 'running' || status === 'needs-input';
}
