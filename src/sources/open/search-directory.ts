import { lstat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Clock } from '../../clock.ts';
import { createRefresh } from '../../io/refresh.ts';
import { isOnNetwork } from '../../io/watch-file.ts';
import { watchNames } from '../../io/watch-names.ts';
import { detectFileFormat } from './detect.ts';
import { isNamedLikeSource } from './file-names.ts';
import {
  DEPTH_LIMIT,
  FOUND_LIMIT,
  type FoundFile,
  type FoundSources,
  findSources,
  isSearched,
  isSearchedFor,
} from './find-sources.ts';

/** A search that may continue after it has looked everywhere once. */
export interface DirectorySearch {
  /** What was found first. */
  readonly searched: Promise<FoundSources>;
  /** A source that was found here is gone: if it comes back, it is reported again. */
  forget(path: string): void;
  /** Resolves once nothing is left open. */
  close(): Promise<void>;
}

/** How long a search rests after news, ms: in a directory that is written to all the time, it must cost next to nothing. */
const REST_MS = 250;
const REST_FACTOR = 20;
/** How long a second search may take if the first one, for which somebody may be waiting, ran out of time. */
const MORE_TIME_MS = 60_000;
/**
 * How often everything is searched again if the system does not report what appears: the minimum, and a multiple of what a
 * search takes.
 */
const SEARCH_EVERY_MS = 10_000;
const SEARCH_FACTOR = 500;

/** Tells by its name alone whether a file or directory may be, or contain, a source. */
function mayMatter(path: string, comesOrGoes: boolean, directory: string): boolean {
  if (isNamedLikeSource(basename(path))) return true;
  return comesOrGoes && isSearched(basename(path)) && depthBelow(directory, path) <= DEPTH_LIMIT;
}

function depthBelow(directory: string, path: string): number {
  const below = relative(directory, path);
  return below === '' ? 0 : below.split(sep).length;
}

export interface DirectorySearchOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long the first search may take; by default, as long as somebody can be kept waiting without a message. */
  readonly timeLimitMs?: number | undefined;
}

/** Searches a directory for sources, once. */
export function searchDirectory({ directory, ...options }: DirectorySearchOptions): DirectorySearch {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, options.signal]);
  return {
    searched: findSources(directory, { ...options, signal }),
    forget() {},
    close: async () => closing.abort(),
  };
}

/**
 * Searches a directory for sources, and continues to report each one that appears later. The directories are watched; if the
 * system has no watches (left), everything is searched again from time to time. What a first, short search did not reach is
 * also reported later.
 */
export function followDirectory(
  options: DirectorySearchOptions & { readonly onFound: (file: FoundFile) => void },
): DirectorySearch {
  const { directory, clock, onFound, timeLimitMs } = options;
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, options.signal]);
  const known = new Set<string>();
  const changed = new Set<string>();
  const isKnown = (path: string) => known.has(path);
  let hasSearched = false;
  const onName = (parent: string, name: string | null, comesOrGoes: boolean) => {
    const path = name === null ? parent : join(parent, name);
    if (known.has(path) || !mayMatter(path, comesOrGoes, directory)) return;
    changed.add(path);
    lookSoon();
  };
  const names = watchNames(onName, () => {
    if (hasSearched && !repetition.isUnderWay) repetition.later(SEARCH_EVERY_MS);
  });
  const { soon: lookSoon, ended } = createRefresh({
    clock,
    signal,
    restAfter: (tookMs) => Math.max(REST_MS, REST_FACTOR * tookMs),
    async read() {
      const paths = [...changed];
      changed.clear();
      for (const path of paths) await look(path);
    },
  });

  const repetition = createRepetition({
    clock,
    signal,
    search: (limitMs) => searchBelow(directory, limitMs),
    isNeeded: async () => names.isPartial || (await isOnNetwork(directory)),
  });

  const depthOf = (path: string) => depthBelow(directory, path);

  async function look(path: string): Promise<void> {
    if (signal.aborted || known.has(path)) return;
    const isDirectory = (await lstat(path).catch(() => null))?.isDirectory();
    if (isDirectory === undefined) return;
    if (isDirectory) return searchBelow(basename(path) === 'tasks' ? dirname(path) : path);
    const isCandidate =
      isNamedLikeSource(basename(path)) && isSearchedFor(basename(path), relative(directory, dirname(path)));
    const format = isCandidate ? await detectFileFormat(path) : null;
    if (format) tell({ path, format });
  }

  /** Searches a directory that is new, or may be of another kind than before (a Maestro directory gets its `tasks`). */
  async function searchBelow(path: string, timeLimitMs?: number): Promise<void> {
    const { files } = await search(path, timeLimitMs);
    for (const file of files) tell(file);
  }

  function tell(file: FoundFile): void {
    if (signal.aborted || known.size >= FOUND_LIMIT || known.has(file.path)) return;
    known.add(file.path);
    onFound(file);
  }

  function search(path: string, timeLimitMs?: number): Promise<FoundSources> {
    return findSources(path, {
      clock,
      signal,
      depth: depthOf(path),
      timeLimitMs,
      onDirectory: names.add,
      isKnown,
    });
  }

  async function searchFirst(): Promise<FoundSources> {
    const found = await search(directory, timeLimitMs);
    for (const { path } of found.files) known.add(path);
    hasSearched = true;
    if (found.ranOutOfTime) repetition.later(0, MORE_TIME_MS);
    else if (await repetition.isNeeded()) repetition.later(SEARCH_EVERY_MS);
    return found.ranOutOfTime ? { ...found, unsearched: found.unsearched.slice(0, -1) } : found;
  }

  const searched = searchFirst();
  return {
    searched,
    forget(path) {
      if (!known.delete(path)) return;
      changed.add(path); // it may be back already
      lookSoon();
    },
    async close() {
      closing.abort();
      repetition.stop();
      names.close();
      await Promise.all([searched, ended()]);
      names.close(); // closes what a search has opened meanwhile
    },
  };
}

/** Searches everything again, later, and repeats that while there is no other way to learn what appears. */
function createRepetition(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly search: (timeLimitMs?: number) => Promise<void>;
  readonly isNeeded: () => Promise<boolean>;
}) {
  const { clock, signal, search, isNeeded } = options;
  let stopTimer: (() => void) | null = null;

  function later(afterMs: number, timeLimitMs?: number): void {
    if (signal.aborted) return;
    stopTimer?.();
    stopTimer = clock.after(afterMs, async () => {
      const startedAt = clock.monotonic();
      await search(timeLimitMs);
      const tookMs = clock.monotonic() - startedAt;
      stopTimer = null;
      if (await isNeeded()) later(Math.max(SEARCH_EVERY_MS, SEARCH_FACTOR * tookMs));
    });
  }

  return {
    isNeeded,
    later,
    get isUnderWay() {
      return stopTimer !== null;
    },
    stop: () => stopTimer?.(),
  };
}
