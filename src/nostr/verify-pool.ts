import { availableParallelism } from 'node:os';
import type { Event } from 'nostr-tools/core';
import type { Clock } from '../clock.ts';
import { workerScript } from '../io/worker-script.ts';
import type { Verifier } from './signature.ts';
import { startVerifyThread, type VerifyThread } from './verify-thread.ts';

/** Larger batches would delay the events in them until the whole batch is verified. */
const LARGEST_BATCH = 64;
/** Two for each thread, so that it has the next batch while the results of the last one are on their way. */
const BATCHES_UNDER_WAY = 2;
/** If more events than this are waiting (about a tenth of a second's work), starting another thread pays. */
const LONGEST_QUEUE = 4 * LARGEST_BATCH;
/** More threads would gain nothing, because reading the events is the bottleneck by then. */
const MOST_THREADS = 4;
/** Threads that were idle for this long are stopped, because each takes about 15 MB. */
const IDLE_AFTER_MS = 10_000;

/** A verifier that distributes the work among threads: as many as the load requires, and the machine has cores. */
export interface VerifyPool extends Verifier {
  /** The current number of threads. */
  readonly threads: number;
}

interface Question {
  readonly event: Event;
  readonly answer: (genuine: boolean) => void;
}

interface Member {
  readonly thread: VerifyThread;
  batchesUnderWay: number;
}

/**
 * Creates a pool that verifies in batches, which grow with the load. If a thread dies, the others take over its events; if none
 * is left, `fallback` verifies these and all later events.
 */
export function createVerifyPool(options: {
  clock: Clock;
  fallback: (event: Event) => Promise<boolean>;
  script?: URL;
  mostThreads?: number;
}): VerifyPool {
  const { clock, fallback, script = workerScript(import.meta.url, 'verify-worker') } = options;
  const mostThreads = options.mostThreads ?? Math.min(availableParallelism(), MOST_THREADS);
  const members = new Set<Member>();
  let waiting: Question[] = [];
  let hasFailed = false;
  let cancelIdle = () => {};

  function sendBatches(): void {
    if (isShortOfThreads()) members.add({ thread: startVerifyThread(script), batchesUnderWay: 0 });
    for (const member of members) {
      while (waiting.length > 0 && member.batchesUnderWay < BATCHES_UNDER_WAY) {
        send(member, waiting.splice(0, LARGEST_BATCH));
      }
    }
  }

  /**
   * Tells whether another thread is needed. One that died is not replaced, because the next would die of the same cause.
   */
  function isShortOfThreads(): boolean {
    if (hasFailed) return false;
    return members.size === 0 || (waiting.length > LONGEST_QUEUE && members.size < mostThreads);
  }

  async function send(member: Member, batch: readonly Question[]): Promise<void> {
    cancelIdle();
    member.batchesUnderWay += 1;
    const verdicts = await member.thread.verify(batch.map(({ event }) => event));
    member.batchesUnderWay -= 1;
    if (verdicts === null) return lose(member, batch);
    for (const [index, { answer }] of batch.entries()) answer(verdicts[index] === true);
    sendBatches();
    if (isIdle()) cancelIdle = clock.after(IDLE_AFTER_MS, stopThreads);
  }

  function isIdle(): boolean {
    return waiting.length === 0 && [...members].every(({ batchesUnderWay }) => batchesUnderWay === 0);
  }

  function lose(member: Member, batch: readonly Question[]): void {
    if (!members.delete(member) && !hasFailed) return refuse(batch); // it was stopped by `close`
    hasFailed = true;
    waiting = [...batch, ...waiting];
    if (members.size > 0) return sendBatches();
    for (const { event, answer } of waiting.splice(0)) fallback(event).then(answer);
  }

  async function stopThreads(): Promise<void> {
    const stopped = [...members];
    members.clear();
    await Promise.all(stopped.map(({ thread }) => thread.stop()));
  }

  return {
    get threads() {
      return members.size;
    },
    verify(event) {
      if (hasFailed && members.size === 0) return fallback(event);
      return new Promise((answer) => {
        waiting.push({ event, answer });
        sendBatches();
      });
    },
    async close() {
      cancelIdle();
      refuse(waiting.splice(0));
      await stopThreads();
    },
  };
}

function refuse(questions: readonly Question[]): void {
  for (const { answer } of questions) answer(false);
}
