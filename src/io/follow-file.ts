import type { Clock } from '../clock.ts';
import type { Problem } from '../model/problem.ts';
import type { FileReading } from './read-file.ts';
import { createRefresh } from './refresh.ts';
import { type FileWatch, watchFile } from './watch-file.ts';
import { watchOthers } from './watch-others.ts';

/** The value in a file's bytes, or none (yet). `explain` is called only when the problem is to be shown. */
export type Parsed<T> = { readonly value: T } | { readonly explain: () => Problem };

/** The result of looking at a file. */
export type Looked<T> =
  | { readonly problem: Problem; readonly isMissing: boolean }
  | { readonly isSame: true }
  | { readonly parsed: Parsed<T>; readonly modifiedAt: number; readonly bytes?: Buffer };

/** How long a file may be incomplete (empty, cut, gone) before that is a problem: its writer may be busy. */
export const INCOMPLETE_LIMIT_MS = 2_000;
/** How long after the system refused a read to try again, because the end of a refusal cannot always be watched. */
const RETRY_MS = 2_000;
const SHORT_READ_MS = 20;

/**
 * Reads a file now and whenever it has changed, until closed. Calls `onValue` when its bytes have changed, and `onProblem` when
 * it cannot be read. A file that is incomplete or missing in the middle of a rewrite is read again, and becomes a problem only
 * after 2 s. A readable file that does not change costs nothing.
 */
export function followFile<T>(options: {
  readonly path: string;
  /** Returns other files whose changes are hints, too. Their paths may change with a link. */
  readonly beside?: () => readonly string[];
  readonly clock: Clock;
  readonly read: (path: string) => Promise<FileReading>;
  readonly parse: (bytes: Buffer) => Parsed<T> | Promise<Parsed<T>>;
  /** Reads and parses the file in another thread, even if it has not changed if `evenIfSame`; null if it is to be read here. */
  readonly elsewhere?: ((evenIfSame: boolean) => Promise<Looked<T> | null>) | undefined;
  readonly onValue: (value: T, modifiedAt: number) => void | Promise<void>;
  readonly onProblem: (problem: Problem) => void;
  /** How long to rest after a read, given how long it took; by default as long as that, or not at all if it was short. */
  readonly restAfter?: (tookMs: number) => number;
}): { look(): void; close(): Promise<void> } {
  const { path, clock } = options;
  const closing = new AbortController();
  let wasShown = false;
  let shown: Buffer | null = null;
  let isFailing = false;
  let wasUnreadable = false;
  let incomplete: Patience | null = null;
  let cancelRetry = () => {};

  const { soon: readSoon, ended } = createRefresh({
    clock,
    signal: closing.signal,
    async read() {
      await read();
      // Not needed by callers that read only once. When it starts, the file is read again, because it may have changed before.
      if (!closing.signal.aborted) watch ??= watchFile(path, readSoon);
    },
    restAfter: options.restAfter ?? restAsLong,
  });
  const beside = watchOthers(readSoon);
  let watch: FileWatch | null = null;
  readSoon();

  async function read(): Promise<void> {
    await beside.watch(options.beside?.() ?? []);
    const found = (await options.elsewhere?.(isFailing)) ?? (await lookHere());
    if (closing.signal.aborted) return;
    cancelRetry();
    const isUnreadable = 'problem' in found && found.problem.kind === 'unreadable';
    if (wasUnreadable && !isUnreadable) watch?.renew();
    wasUnreadable = isUnreadable;
    if ('problem' in found) {
      if (found.isMissing && wasShown && !isFailing) return markIncomplete(clock.now(), () => found.problem);
      clearIncomplete();
      return fail(found.problem);
    }
    if ('isSame' in found) return clearIncomplete();
    const { parsed, modifiedAt, bytes } = found;
    if ('explain' in parsed) return markIncomplete(modifiedAt, parsed.explain);
    clearIncomplete();
    wasShown = true;
    shown = bytes ?? null;
    isFailing = false;
    await options.onValue(parsed.value, modifiedAt);
  }

  async function lookHere(): Promise<Looked<T>> {
    const found = await options.read(path);
    if ('problem' in found) return found;
    if (!isFailing && shown?.equals(found.bytes)) return { isSame: true };
    return { ...found, parsed: await options.parse(found.bytes) };
  }

  /** Waits until 2 s after an incomplete file was last touched; after that, it is a problem until it is complete. */
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
    /** Reads the file as after a hint. */
    look: readSoon,
    async close() {
      closing.abort();
      clearIncomplete();
      cancelRetry();
      await ended();
      await Promise.all([watch?.close(), beside.close()]);
    },
  };
}

interface Patience {
  readonly isOverdue: boolean;
  cancel(): void;
}

/** Calls `onEnd` once when the time is over, unless none is left. */
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
