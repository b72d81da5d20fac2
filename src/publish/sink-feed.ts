import { type Clock, endsWithin } from '../clock.ts';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { plainName, words } from '../model/text.ts';
import type { CommandFile } from './dashboard-state/command-file.ts';

/** Where a worker's state goes: a file, a callback, a connection. It is the worker's counterpart of a source. */
export interface Sink<T> {
  /** For problems: what it is and where it leads, without secrets. */
  readonly name: string;
  /** Takes the full state. While a promise is pending, no other state is passed on. */
  write(state: T): void | Promise<void>;
  /** It is quick and wants each state, even while the last one is still pending. */
  readonly wantsEveryState?: boolean;
  /** For a sink that also receives commands: passes each to `take`, which returns whether somebody will act on it. */
  listen?(take: (command: CommandFile) => boolean): void;
  /** Takes the newest state, which it does not have yet, while the process ends: nothing asynchronous runs any more. */
  writeLast?(state: T): void;
  close?(): void | Promise<void>;
}

/** Feeds one sink so that the worker is affected neither by its slowness nor by its failure. */
export interface SinkFeed<T> {
  /** Returns at once. While the sink is busy, only the newest state is kept. */
  offer(state: T): void;
  /**
   * Resolves once the sink has the newest state, has failed once more, or has not answered for five seconds; then its caller
   * continues. `clock` keeps the process alive until then.
   */
  settle(clock: Clock): Promise<void>;
  close(): Promise<void>;
}

/** A state with its place among those that were offered. */
interface Offered<T> {
  readonly state: T;
  readonly number: number;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Creates the feed of a sink. A failed write is reported once (again only after it has worked in between) and repeated, ever
 * less often.
 */
export function createSinkFeed<T>(options: {
  readonly sink: Sink<T>;
  readonly clock: Clock;
  readonly onProblem: (problem: Problem) => void;
}): SinkFeed<T> {
  const { sink, clock } = options;
  /** The newest one of all, and the newest one to be written. */
  let latest: Offered<T> | null = null;
  let newest: Offered<T> | null = null;
  /** The newest one that the sink has: what it failed to take before that is of no use any more. */
  let taken = 0;
  let writing: Promise<void> | null = null;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry: (() => void) | null = null;
  let isClosed = false;
  const sayLast = () => latest && sink.writeLast?.(latest.state);

  function writeNext(): void {
    const next = newest;
    if (!next || isClosed || (writing && !sink.wantsEveryState)) return;
    newest = null;
    if (next.number <= taken) return;
    try {
      const written: unknown = sink.write(next.state);
      if (isPromise(written)) wait(written, next);
      else succeeded(next);
    } catch (error) {
      failed(next, error);
    }
  }

  function wait(written: PromiseLike<unknown>, next: Offered<T>): void {
    const current = Promise.resolve(written)
      .then(
        () => succeeded(next),
        (error: unknown) => failed(next, error),
      )
      .then(() => {
        if (writing === current) writing = null;
        if (!cancelRetry) writeNext();
      });
    writing = current;
  }

  function succeeded({ number }: Offered<T>): void {
    taken = Math.max(taken, number);
    if (taken === latest?.number) lastWords.delete(sayLast);
    retryMs = FIRST_RETRY_MS;
  }

  function failed(tried: Offered<T>, error: unknown): void {
    if (!newest || newest.number < tried.number) newest = tried;
    if (retryMs === FIRST_RETRY_MS) options.onProblem(sinkProblem(sink.name, error));
    cancelRetry?.();
    cancelRetry = clock.after(retryMs, () => {
      cancelRetry = null;
      writeNext();
    });
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  async function settle(): Promise<void> {
    while (writing) await writing;
    if (!newest) return;
    cancelRetry?.();
    cancelRetry = null;
    writeNext();
    if (writing) await writing;
  }

  return {
    offer(state) {
      latest = { state, number: (latest?.number ?? 0) + 1 };
      newest = latest;
      if (!isClosed) lastWords.add(sayLast);
      if (!cancelRetry) writeNext();
    },
    async settle(patience) {
      if (isClosed || (await endsWithin(patience, ANSWER_WITHIN_MS, settle()))) return;
      options.onProblem(sinkProblem(sink.name, `no answer for ${ANSWER_WITHIN_MS / 1000} s`));
    },
    async close() {
      isClosed = true;
      lastWords.delete(sayLast);
      cancelRetry?.();
      try {
        await sink.close?.();
      } catch (error) {
        options.onProblem(sinkProblem(sink.name, error));
      }
    },
  };
}

/** What the sinks lack. Many a program ends with `process.exit` right after its last task has ended. */
const lastWords = new Set<() => void>();
process.on('exit', () => {
  for (const say of lastWords) {
    try {
      say();
    } catch {} // it has been tried before, and reported
  }
});

/** Tells whether a value is a promise. A callback in plain JavaScript returns whatever its last expression was. */
function isPromise(written: unknown): written is PromiseLike<unknown> {
  return typeof (written as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function sinkProblem(name: string, error: unknown): Problem {
  const said = plainName(errorMessage(error));
  return problem(
    'refused',
    'degraded',
    words`${plainName(String(name))} did not accept the state: ${said}`,
    'trying again',
  );
}
