import { Worker } from 'node:worker_threads';
import { workerScript } from '../worker-script.ts';
import type { ListReading } from './list-reader.ts';

/** Reads a document with a long list in a thread of its own, which keeps no process alive. */
export interface ListThread {
  /**
   * Reads as `ListReader` does; resolves with null if the thread died, or could not be started. A new thread knows nothing
   * of earlier readings.
   */
  read(path: string, evenIfSame: boolean): Promise<ListReading | null>;
  /** Ends the thread and drops what was read; it starts again when something is to be read. */
  stop(): Promise<void>;
}

/** What it allocates is short-lived, except for arrays that lie outside its heap. */
const YOUNG_GENERATION_MB = 4;
/** What has killed this many threads would kill the next one, too. */
const MOST_DEATHS = 3;

export function createListThread(options: {
  readonly key: string;
  readonly limit: number;
  readonly script?: URL;
}): ListThread {
  const { key, limit, script = workerScript(import.meta.url, 'list-worker') } = options;
  let worker: Worker | null = null;
  let answer: ((reading: ListReading | null) => void) | null = null;
  let deaths = 0;

  function start(): Worker {
    const started = new Worker(script, {
      execArgv: [], // flags for this process (`--input-type`, `--inspect`) are not meant for the thread
      workerData: { key, limit },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    started.on('message', (reading: ListReading) => settle(reading));
    const died = () => {
      if (worker !== started) return; // it was stopped
      worker = null;
      deaths += 1;
      settle(null);
    };
    started.on('error', died);
    started.on('exit', died);
    return started;
  }

  function settle(reading: ListReading | null): void {
    worker?.unref(); // an idle thread keeps no process alive
    answer?.(reading);
    answer = null;
  }

  return {
    read(path, evenIfSame) {
      if (deaths >= MOST_DEATHS) return Promise.resolve(null);
      worker ??= start();
      worker.ref();
      const { promise, resolve } = Promise.withResolvers<ListReading | null>();
      answer = resolve;
      worker.postMessage({ path, evenIfSame });
      return promise;
    },
    async stop() {
      const stopped = worker;
      worker = null;
      settle(null);
      await stopped?.terminate();
    },
  };
}
