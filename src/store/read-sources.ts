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
  /** Only those that have not ended: sources that are discovered come and go for as long as the program runs. */
  const reading = new Set<{
    readonly id: SourceId;
    readonly stop: () => void;
    readonly ended: Promise<void>;
  }>();

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
      const stopping = new AbortController();
      const ended = read(source, AbortSignal.any([signal, stopping.signal]));
      const reader = { id: source.id, stop: () => stopping.abort(), ended };
      reading.add(reader);
      void ended.then(() => reading.delete(reader));
    },
    stop(id: SourceId): void {
      for (const reader of reading) if (reader.id === id) reader.stop();
    },
    /** Resolves when none is being read any more, including those that are added meanwhile. */
    async ended(): Promise<void> {
      while (reading.size > 0) await Promise.all([...reading].map(({ ended }) => ended));
    },
    /** How many sources are being read. */
    get count() {
      return reading.size;
    },
  };
}
