import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { backgroundClock } from '../clock.ts';

/** A watch on where some paths lead. */
export interface PlaceWatch {
  /** Watches these directories instead of those before; resolves once it is known where they lead now. */
  follow(directories: readonly string[]): Promise<void>;
  close(): void;
}

/** A directory that is followed: where its path leads, as far as that is known, and who wants to know. */
interface Place {
  state: Promise<PlaceState>;
  readonly listeners: Set<PlaceListener>;
}

interface PlaceState {
  /** Tells the directory from any other in its place, and from none. */
  readonly identity: string;
  /** When a name in it came or went (epoch ms). */
  readonly touchedAt: number;
}

interface PlaceListener {
  /** The path leads to another directory, or to one again after none. */
  moved(): void;
  /**
   * It seems to be the same one, but other names are in it. One that was removed and made anew may have been given the
   * number of the old one: then nothing else tells of it.
   */
  touched?(): void;
}

/**
 * How often it is asked where the directories lead. The system tells of names in a directory that is watched, but not
 * that the way to it leads elsewhere by now: a link or a directory above was replaced, something was mounted over it.
 */
const LOOK_EVERY_MS = 2_000;
/** Of hundreds of directories each is asked about less often, so that all together cost next to nothing. */
const LOOK_EACH_MS = 100;
/** No chain of links that the system follows is longer. */
const LONGEST_CHAIN = 40;

const places = new Map<string, Place>();
let cancelLook: (() => void) | null = null;
let isLooking = false;

/**
 * Tells within two seconds what has become of one of the followed directories; of more than twenty within 0.1 s for
 * each. All who follow the same one share one look at it. Keeps no process alive.
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

/** Returns the directories that decide where a path to a file leads: its own, and that of each link on the way. */
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

/** Returns a path without the links on it; rejects where it leads nowhere. */
type RealOf = (path: string) => Promise<string>;

/** Hundreds of projects lie side by side: where the directory above them lies is asked once for all of them. */
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
