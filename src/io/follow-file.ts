import type { Clock } from '../clock.ts';
import type { Problem } from '../model/problem.ts';
import type { FileReading } from './read-file.ts';
import { createRefresh } from './refresh.ts';
import { watchFile } from './watch-file.ts';
import { watchOthers } from './watch-others.ts';

/** What a file's bytes mean: a value, or (so far) none. `explain` is asked only when the problem is to be shown. */
export type Parsed<T> = { readonly value: T } | { readonly explain: () => Problem };

/** How long a file may stay incomplete (empty, cut, gone) before that is a problem: its writer may be at it. */
export const INCOMPLETE_LIMIT_MS = 2_000;
/** How long after the system refused a read it is tried again: not every refusal's end can be watched. */
const RETRY_MS = 2_000;
const SHORT_READ_MS = 20;

/**
 * Reads a file now and whenever it changed, until closed. Tells its `value` when its bytes have changed, and a
 * `problem` when it cannot be read; a file that is incomplete or gone in the middle of a rewrite is looked at again and
 * becomes a problem only after 2 s. A quiet, readable file costs nothing.
 */
export function followFile<T>(options: {
  readonly path: string;
  /** Other files whose changes are hints too, as they are called now: if a link is turned, that may change. */
  readonly beside?: () => readonly string[];
  readonly clock: Clock;
  readonly read: (path: string) => Promise<FileReading>;
  readonly parse: (bytes: Buffer) => Parsed<T> | Promise<Parsed<T>>;
  readonly onValue: (value: T, modifiedAt: number) => void | Promise<void>;
  readonly onProblem: (problem: Problem) => void;
  /** How long to rest after a read that took so long; if absent, as long as it took, unless that was but a moment. */
  readonly restAfter?: (tookMs: number) => number;
}): { look(): void; close(): Promise<void> } {
  const { path, clock } = options;
  const closing = new AbortController();
  let shown: Buffer | null = null;
  let isFailing = false;
  let wasUnreadable = false;
  let incomplete: Patience | null = null;
  let cancelRetry = () => {};

  const { soon: readSoon, ended } = createRefresh({
    clock,
    signal: closing.signal,
    read,
    restAfter: options.restAfter ?? restAsLong,
  });
  const watch = watchFile(path, readSoon);
  const beside = watchOthers(readSoon);
  readSoon();

  async function read(): Promise<void> {
    await beside.watch(options.beside?.() ?? []);
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

  /** Leaves an incomplete file alone until 2 s after it was last touched; then it is a problem until it is whole. */
  function markIncomplete(since: number, explain: () => Problem): void {
    incomplete ??= startPatience(
      clock,
      Math.min(INCOMPLETE_LIMIT_MS, since + INCOMPLETE_LIMIT_MS - clock.now()),
      readSoon,
    );
    if (incomplete.isOverdue) fail(explain());
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
      await ended();
      await Promise.all([watch.close(), beside.close()]);
    },
  };
}

interface Patience {
  readonly isOverdue: boolean;
  cancel(): void;
}

/** Calls `onEnd` once when the time is over, unless there was none left. */
function startPatience(clock: Clock, leftMs: number, onEnd: () => void): Patience {
  if (leftMs <= 0) return { isOverdue: true, cancel() {} };
  const patience = {
    isOverdue: false,
    cancel: clock.after(leftMs, () => {
      patience.isOverdue = true;
      onEnd();
    }),
  };
  return patience;
}

function restAsLong(tookMs: number): number {
  return tookMs > SHORT_READ_MS ? tookMs : 0;
}
