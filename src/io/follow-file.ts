import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import type { Problem } from '../model/problem.ts';
import type { FileReading } from './read-file.ts';
import { type FileWatch, watchFile } from './watch-file.ts';

/** What a file's bytes mean: a value, or (so far) none. `explain` is asked only when the problem is to be shown. */
export type Parsed<T> = { readonly value: T } | { readonly explain: () => Problem };

/** How long a file may stay incomplete (empty, cut, gone) before that is a problem: its writer may be at it. */
export const INCOMPLETE_LIMIT_MS = 2_000;
/** How long after the system refused a read it is tried again: not every refusal's end can be watched. */
const RETRY_MS = 2_000;
const SHORT_READ_MS = 20;
/** Also where a read seems to have taken hours: the machine slept, or its clock was set. */
const LONGEST_REST_MS = 10_000;

/**
 * Reads a file now and whenever it changed, until closed. Tells its `value` when its bytes have changed, and a
 * `problem` when it cannot be read; a file that is incomplete or gone in the middle of a rewrite is looked at again and
 * becomes a problem only after 2 s. A quiet, readable file costs nothing.
 */
export function followFile<T>(options: {
  readonly path: string;
  /** Other files whose changes are hints too, as they are called now: where a link is turned, that may change. */
  readonly beside?: () => readonly string[];
  readonly clock: Clock;
  readonly read: (path: string) => Promise<FileReading>;
  readonly parse: (bytes: Buffer) => Parsed<T> | Promise<Parsed<T>>;
  readonly onValue: (value: T, modifiedAt: number) => void | Promise<void>;
  readonly onProblem: (problem: Problem) => void;
  /** How long to rest after a read that took so long; as long as it took where absent, unless that was but a moment. */
  readonly restAfter?: (tookMs: number) => number;
}): { look(): void; close(): Promise<void> } {
  const { path, clock, restAfter = restAsLong } = options;
  const closing = new AbortController();
  let shown: Buffer | null = null;
  let isFailing = false;
  let wasUnreadable = false;
  let incomplete: { readonly cancel: () => void; isOverdue: boolean } | null = null;
  let cancelRetry = () => {};
  let isDue = false;
  let reading: Promise<void> | null = null;

  const watch = watchFile(path, readSoon);
  const beside = new Map<string, FileWatch>();
  readSoon();

  /** Hints that come in one turn of the event loop, or during a read, make one read. */
  function readSoon(): void {
    isDue = true;
    reading ??= readWhileDue();
  }

  async function readWhileDue(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (isDue && !closing.signal.aborted) {
      isDue = false;
      const startedAt = clock.monotonic();
      await readOnce();
      const restMs = Math.min(restAfter(clock.monotonic() - startedAt), LONGEST_REST_MS);
      if (restMs > 0) await sleep(clock, restMs, closing.signal);
    }
    reading = null;
  }

  async function readOnce(): Promise<void> {
    await watchBeside();
    const found = await options.read(path);
    if (closing.signal.aborted) return;
    cancelRetry();
    const isUnreadable = 'problem' in found && found.problem.kind === 'unreadable';
    if (wasUnreadable && !isUnreadable) watch.renew();
    wasUnreadable = isUnreadable;
    if ('problem' in found) {
      if (found.isMissing && shown && !isFailing) return markIncomplete(clock.now(), () => found.problem);
      clearIncomplete();
      return fail(found.problem);
    }
    if (!isFailing && shown?.equals(found.bytes)) return clearIncomplete();
    const parsed = await options.parse(found.bytes);
    if (closing.signal.aborted) return;
    if ('explain' in parsed) return markIncomplete(found.modifiedAt, parsed.explain);
    clearIncomplete();
    shown = found.bytes;
    isFailing = false;
    await options.onValue(parsed.value, found.modifiedAt);
  }

  async function watchBeside(): Promise<void> {
    const wanted = new Set(options.beside?.());
    for (const [other, { close }] of beside) {
      if (wanted.has(other)) continue;
      beside.delete(other);
      await close();
    }
    for (const other of wanted) if (!beside.has(other)) beside.set(other, watchFile(other, readSoon));
  }

  /** An incomplete file is left alone until 2 s after it was last touched; then it is a problem until it is whole. */
  function markIncomplete(since: number, explain: () => Problem): void {
    incomplete ??= startPatience(Math.min(INCOMPLETE_LIMIT_MS, since + INCOMPLETE_LIMIT_MS - clock.now()));
    if (incomplete.isOverdue) fail(explain());
  }

  function startPatience(leftMs: number): NonNullable<typeof incomplete> {
    if (leftMs <= 0) return { isOverdue: true, cancel() {} };
    const patience = {
      isOverdue: false,
      cancel: clock.after(leftMs, () => {
        patience.isOverdue = true;
        readSoon();
      }),
    };
    return patience;
  }

  function clearIncomplete(): void {
    incomplete?.cancel();
    incomplete = null;
  }

  function fail(problem: Problem): void {
    isFailing = true;
    if (problem.kind === 'unreadable') cancelRetry = clock.after(RETRY_MS, readSoon);
    options.onProblem(problem);
  }

  return {
    /** As after a hint. */
    look: readSoon,
    async close() {
      closing.abort();
      clearIncomplete();
      cancelRetry();
      await reading;
      await Promise.all([watch, ...beside.values()].map(({ close: stop }) => stop()));
    },
  };
}

function restAsLong(tookMs: number): number {
  return tookMs > SHORT_READ_MS ? tookMs : 0;
}
