/** A queue between callbacks and `for await`: what is pushed is iterated, in order. One consumer. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** No more items follow: the iteration ends once everything that was pushed has been read. */
  end(): void;
}

/** Creates a queue that ends when `signal` aborts; what has not been read by then is dropped. */
export function createEventQueue<T>(signal: AbortSignal): EventQueue<T> {
  let items: T[] = [];
  let ended = signal.aborted;
  let wake: (() => void) | null = null;

  const wakeUp = () => {
    wake?.();
    wake = null;
  };
  const end = () => {
    ended = true;
    wakeUp();
  };
  signal.addEventListener('abort', end, { once: true });

  return {
    push(item) {
      if (ended) return;
      items.push(item);
      wakeUp();
    },
    end,
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const ready = items;
        items = [];
        for (const item of ready) {
          if (signal.aborted) return;
          yield item;
        }
        if (ready.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
