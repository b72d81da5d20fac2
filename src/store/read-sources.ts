import type { SourceEvent } from '../model/event.ts';
import type { SourceId } from '../model/id.ts';
import { bugProblem } from '../model/problem.ts';
import type { Update } from './reduce.ts';

/** The part of a source that is needed here. */
interface Readable {
  readonly id: SourceId;
  events(options: { signal: AbortSignal }): AsyncIterable<SourceEvent>;
}

/** Reads sources until each has ended by itself or is stopped, or `signal` aborts. */
export function createReaders(
  enqueue: (source: SourceId, event: Update['event']) => void,
  signal: AbortSignal,
) {
  const readers: Promise<void>[] = [];
  const stopping = new Map<SourceId, AbortController>();

  async function read(source: Readable, until: AbortSignal): Promise<void> {
    try {
      for await (const event of source.events({ signal: until })) enqueue(source.id, event);
      if (!until.aborted) enqueue(source.id, { type: 'ended' });
    } catch (error) {
      if (!until.aborted) enqueue(source.id, { type: 'problem', problem: bugProblem(error) });
    }
  }

  return {
    read(source: Readable): void {
      const stop = new AbortController();
      stopping.set(source.id, stop);
      readers.push(read(source, AbortSignal.any([signal, stop.signal])));
    },
    stop: (id: SourceId) => stopping.get(id)?.abort(),
    async ended() {
      for (const reader of readers) await reader; // including those that are added meanwhile
    },
  };
}
