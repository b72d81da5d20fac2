import type { Clock } from '../clock.ts';
import { errorMessage, type Problem, problem, problemText } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import type { CommandFile } from './dashboard-state/command-file.ts';

/** Where a worker's state goes: a file, a callback, a connection. The same back end as a source, seen from the worker. */
export interface Sink<T> {
  /** For problems: what it is and where it leads, with no secret in it. */
  readonly name: string;
  /** Takes the full state. While a promise is pending no other state is handed over. */
  write(state: T): void | Promise<void>;
  /** It is quick and wants each state, also while the last one is still pending. */
  readonly wantsEveryState?: boolean;
  /**
   * Where the sink also brings commands back: hands each to `take`, which tells whether somebody will act on it.
   */
  listen?(take: (command: CommandFile) => boolean): void;
  close?(): void | Promise<void>;
}

/** Feeds one sink so that neither its slowness nor its failure is felt by the worker. */
export interface SinkFeed<T> {
  /** Returns at once. Where the sink is busy the newest state wins. */
  offer(state: T): void;
  /** Resolves once the sink has the newest state, or gives up trying. */
  settle(): Promise<void>;
  close(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** A failed write is told once (again only after it has worked in between) and tried again, ever more rarely. */
export function createSinkFeed<T>(options: {
  readonly sink: Sink<T>;
  readonly clock: Clock;
  readonly onProblem: (problem: Problem) => void;
}): SinkFeed<T> {
  const { sink, clock } = options;
  let newest: { readonly state: T } | null = null;
  let writing: Promise<void> | null = null;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry: (() => void) | null = null;
  let isClosed = false;

  function writeNext(): void {
    const next = newest;
    if (!next || isClosed || (writing && !sink.wantsEveryState)) return;
    newest = null;
    try {
      const written = sink.write(next.state);
      if (written) wait(written, next);
      else succeeded();
    } catch (error) {
      failed(next, error);
    }
  }

  function wait(written: Promise<void>, next: { readonly state: T }): void {
    const current = written
      .then(succeeded, (error: unknown) => failed(next, error))
      .then(() => {
        if (writing === current) writing = null;
        if (!cancelRetry) writeNext();
      });
    writing = current;
  }

  function succeeded(): void {
    retryMs = FIRST_RETRY_MS;
  }

  function failed(tried: { readonly state: T }, error: unknown): void {
    newest ??= tried;
    if (retryMs === FIRST_RETRY_MS) options.onProblem(sinkProblem(sink.name, error));
    cancelRetry?.();
    cancelRetry = clock.after(retryMs, () => {
      cancelRetry = null;
      writeNext();
    });
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }

  return {
    offer(state) {
      newest = { state };
      if (!cancelRetry) writeNext();
    },
    async settle() {
      while (writing) await writing;
      if (!newest) return;
      cancelRetry?.();
      cancelRetry = null;
      writeNext();
      if (writing) await writing;
    },
    close() {
      isClosed = true;
      cancelRetry?.();
    },
  };
}

function sinkProblem(name: string, error: unknown): Problem {
  const words = plainName(errorMessage(error));
  return problem(
    'refused',
    'degraded',
    `${plainName(name)} does not take the state: ${words}`,
    'it is tried again',
  );
}

/** How a worker's problems are told where nobody asked for them: as a warning of the process, each once. */
export function createWarner(): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem.message) || told.size >= 1_000) return;
    told.add(problem.message);
    process.emitWarning(problemText(problem), 'TaskglassWarning');
  };
}
