import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { backgroundClock } from '../clock.ts';

/** Watches where some paths lead. */
export interface PlaceWatch {
  /** Watches these directories instead of the previous ones; resolves once it is known where they lead now. */
  follow(directories: readonly string[]): Promise<void>;
  close(): void;
}

/** A followed directory: where its path leads, as far as known, and who wants to know. */
interface Place {
  state: Promise<PlaceState>;
  readonly listeners: Set<PlaceListener>;
}

interface PlaceState {
  /** Distinguishes the directory from any other in its place, and from none. */
  readonly identity: string;
  /** When a name in it appeared or disappeared (epoch ms). */
  readonly touchedAt: number;
}

interface PlaceListener {
  /** The path leads to a different directory, or to one again after none. */
  moved(): void;
  /**
   * It seems to be the same directory, but its names have changed. A directory that was removed and created again may have
   * received the same inode number; then this is the only sign of it.
   */
  touched?(): void;
}

/**
 * How often to check where the directories lead. The system reports names in a watched directory, but not that its path
 * leads elsewhere by now, because a link or a directory above was replaced, or something was mounted over it.
 */
const LOOK_EVERY_MS = 2_000;
/** With hundreds of directories, each is checked less often, so that all together cost almost nothing. */
const LOOK_EACH_MS = 100;
/** The system follows no longer chain of links. */
const LONGEST_CHAIN = 40;

const places = new Map<string, Place>();
let cancelLook: (() => void) | null = null;
let isLooking = false;

/**
 * Reports within two seconds what has happened to one of the followed directories; with more than twenty, within 0.1 s for
 * each. Everybody who follows the same directory shares one check of it. Keeps no process alive.
 */
export function watchPlaces(listener: PlaceListener): PlaceWatch {
  let followed: readonly string[] = [];

  function leave(): void {
    for (const directory of followed) {
      const place = places.get(directory);
      place?.listeners.delete(listener);
      if (place?.listeners.size === 0) places.delete(directory);
    }
    followed = [];
    if (places.size > 0) return;
    cancelLook?.();
    cancelLook = null;
  }

  return {
    async follow(directories) {
      const before = followed;
      const wanted = [...new Set(directories)];
      if (before.length === wanted.length && wanted.every((one, at) => one === before[at])) return;
      const entered = wanted.map((directory) => placeOf(directory));
      for (const place of entered) place.listeners.add(listener);
      followed = before.filter((directory) => !wanted.includes(directory));
      leave();
      followed = wanted;
      lookLater();
      await Promise.all(entered.map(({ state }) => state));
    },
    close: leave,
  };
}

/** Returns the directories that determine where a path to a file leads: its own, and that of each link on the way. */
export async function placesOf(path: string): Promise<string[]> {
  const directories: string[] = [];
  for (let at = path; directories.length < LONGEST_CHAIN; ) {
    directories.push(dirname(at));
    const target = await readlink(at).catch(() => null);
    if (target === null) break;
    at = resolve(dirname(at), target);
  }
  return directories;
}

function placeOf(directory: string): Place {
  const known = places.get(directory);
  if (known) return known;
  const place = { state: stateOf(directory, realpath), listeners: new Set<PlaceListener>() };
  places.set(directory, place);
  return place;
}

function lookLater(): void {
  if (cancelLook || isLooking || places.size === 0) return;
  cancelLook = backgroundClock.after(Math.max(LOOK_EVERY_MS, places.size * LOOK_EACH_MS), async () => {
    cancelLook = null;
    isLooking = true;
    const realOf = askedOnce(realpath);
    await Promise.all([...places].map(([directory, place]) => look(directory, place, realOf)));
    isLooking = false;
    lookLater();
  });
}

async function look(directory: string, place: Place, realOf: RealOf): Promise<void> {
  const before = await place.state;
  const now = await stateOf(directory, realOf);
  place.state = Promise.resolve(now);
  for (const listener of [...place.listeners]) {
    if (now.identity !== before.identity) listener.moved();
    else if (now.touchedAt !== before.touchedAt) listener.touched?.();
  }
}

/** Returns a path without the links in it; rejects if it leads nowhere. */
type RealOf = (path: string) => Promise<string>;

/**
 * Remembers the answers, because hundreds of projects may lie side by side: their common directory is resolved once for all
 * of them.
 */
function askedOnce(ask: RealOf): RealOf {
  const answers = new Map<string, Promise<string>>();
  return (path) => {
    const known = answers.get(path) ?? ask(path);
    answers.set(path, known);
    return known;
  };
}

async function stateOf(directory: string, realOf: RealOf): Promise<PlaceState> {
  try {
    const own = await lstat(directory);
    const isLink = own.isSymbolicLink();
    const real = isLink
      ? await realOf(directory)
      : join(await realOf(dirname(directory)), basename(directory));
    const { dev, ino, mtimeMs } = isLink ? await stat(real) : own;
    return { identity: `${real} ${dev} ${ino}`, touchedAt: mtimeMs };
  } catch {
    return { identity: '', touchedAt: 0 };
  }
}
