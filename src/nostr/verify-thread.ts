import { Worker } from 'node:worker_threads';
import type { Event } from 'nostr-tools/core';

/** A thread that verifies batches of events, in the order in which they are given. It keeps no process alive. */
export interface VerifyThread {
  /** Resolves to one verdict an event, or to null if the thread dies first. */
  verify(batch: readonly Event[]): Promise<readonly boolean[] | null>;
  stop(): Promise<void>;
}

/**
 * A verifying thread makes nothing but short-lived copies of events: small spaces for these cost it no time, and save
 * tens of megabytes a thread.
 */
const YOUNG_GENERATION_MB = 4;

/** Starts a thread; what goes wrong with it shows in the answers of `verify`. */
export function startVerifyThread(script: URL): VerifyThread {
  const answers: ((verdicts: readonly boolean[] | null) => void)[] = [];
  const worker = new Worker(script, {
    execArgv: [], // flags for this process (`--input-type`, `--inspect`) are not meant for the thread
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let isAlive = true;

  worker.on('message', (verdicts: readonly boolean[]) => answers.shift()?.(verdicts));
  worker.on('error', died);
  worker.on('exit', died);
  // After the listeners: each of them takes hold of the process again.
  worker.unref();

  function died(): void {
    isAlive = false;
    for (const answer of answers.splice(0)) answer(null);
  }

  return {
    verify(batch) {
      if (!isAlive) return Promise.resolve(null);
      return new Promise((answer) => {
        answers.push(answer);
        worker.postMessage(batch);
      });
    },
    async stop() {
      died();
      await worker.terminate();
    },
  };
}
