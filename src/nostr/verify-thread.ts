import { Worker } from 'node:worker_threads';
import type { Event } from 'nostr-tools/core';

/** A thread that verifies batches of events, in order. It does not keep the process alive. */
export interface VerifyThread {
  /** Resolves to whether each event is genuine, or to null if the thread dies first. */
  verify(batch: readonly Event[]): Promise<readonly boolean[] | null>;
  stop(): Promise<void>;
}

/**
 * A verifying thread allocates only short-lived copies of events. A small space for these costs no time, and saves tens of
 * megabytes for each thread.
 */
const YOUNG_GENERATION_MB = 4;

/** Starts a thread. If it fails, `verify` resolves to null. */
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
  // Last, because adding a listener makes the worker keep the process alive again.
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
