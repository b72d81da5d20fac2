import { createEventQueue } from '../../io/queue.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { createTaskPublisher, type TaskPublisher } from './publish-tasks.ts';
import type { Source } from './source.ts';

/**
 * Creates the events of a source that publishes its tasks. `follow` is called each time that the source is read; what it
 * returns is closed when `signal` aborts.
 */
export function publishedEvents(
  id: SourceId,
  follow: (tasks: TaskPublisher, signal: AbortSignal) => { close(): Promise<unknown> },
): Source['events'] {
  return async function* ({ signal }) {
    const queue = createEventQueue<SourceEvent>(signal);
    const following = follow(createTaskPublisher(id, queue.push), signal);
    try {
      yield* queue;
    } finally {
      await following.close();
    }
  };
}
