import { Worker } from 'node:worker_threads';
import type { Event } from 'nostr-tools/core';
import type { Verifier } from './signature.ts';

/** More in one batch would keep later events waiting for the whole batch's verdict. */
const LARGEST_BATCH = 64;
/** Two, so that the thread has the next batch at hand while the verdicts of the last one travel. */
const BATCHES_UNDER_WAY = 2;

interface Question {
  readonly event: Event;
  readonly answer: (genuine: boolean) => void;
}

/**
 * Verifies on a thread of its own, in batches that grow with the load. The thread does not keep the process alive.
 * If it dies, `fallback` gives the missing verdicts and all later ones.
 */
export function createThreadVerifier(options: {
  fallback: (event: Event) => Promise<boolean>;
  script?: URL;
}): Verifier {
  // Flags for this process (`--input-type`, `--inspect`) are not meant for the thread.
  const worker = new Worker(options.script ?? workerScript(import.meta.url), { execArgv: [] });
  const waiting: Question[] = [];
  const underWay: Question[][] = [];
  let alive = true;

  worker.on('message', (verdicts: readonly boolean[]) => {
    const batch = underWay.shift() ?? [];
    batch.forEach(({ answer }, index) => {
      answer(verdicts[index] === true);
    });
    sendBatches();
  });
  worker.on('error', fallBack);
  worker.on('exit', fallBack);
  // After the listeners: each of them takes hold of the process again.
  worker.unref();

  function sendBatches(): void {
    while (alive && waiting.length > 0 && underWay.length < BATCHES_UNDER_WAY) {
      const batch = waiting.splice(0, LARGEST_BATCH);
      underWay.push(batch);
      worker.postMessage(batch.map(({ event }) => event));
    }
  }

  function fallBack(): void {
    alive = false;
    for (const { event, answer } of [...underWay.splice(0).flat(), ...waiting.splice(0)]) {
      options.fallback(event).then(answer);
    }
  }

  return {
    verify(event) {
      if (!alive) return options.fallback(event);
      return new Promise((answer) => {
        waiting.push({ event, answer });
        sendBatches();
      });
    },
    async close() {
      alive = false;
      for (const { answer } of [...underWay.splice(0).flat(), ...waiting.splice(0)]) answer(false);
      await worker.terminate();
    },
  };
}

/**
 * The worker's script lies beside the module that asks, with the same ending: `src/…/verify-worker.ts`,
 * `dist/lib/…/verify-worker.js`, or `dist/verify-worker.js` beside the bundled command line.
 */
export function workerScript(moduleUrl: string): URL {
  const ending = moduleUrl.slice(moduleUrl.lastIndexOf('.'));
  return new URL(`./verify-worker${ending}`, moduleUrl);
}
