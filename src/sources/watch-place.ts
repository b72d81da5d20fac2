import { readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { backgroundClock } from '../clock.ts';

/** A watch on where some paths lead. */
export interface PlaceWatch {
  /** Watches these directories instead of those before; resolves once it is known where they lead now. */
  follow(directories: readonly string[]): Promise<void>;
  close(): void;
}

/** A directory that is followed: where its path leads, as far as that is known, and who wants to know. */
interface Place {
  identity: Promise<string>;
  readonly listeners: Set<() => void>;
}

/**
 * How often it is asked where the directories lead. The system tells of names in a directory that is watched, but not
 * that the way to it leads elsewhere by now: a link or a directory above was replaced, something was mounted over it.
 */
const LOOK_EVERY_MS = 2_000;
/** No chain of links that the system follows is longer. */
const LONGEST_CHAIN = 40;

const places = new Map<string, Place>();
let cancelLook: (() => void) | null = null;
let isLooking = false;

/**
 * Calls `onMoved` within two seconds after one of the followed paths has come to lead to another directory, or to one
 * again after none. Whoever watches the same directory shares one look at it. Keeps no process alive.
 */
export function watchPlaces(onMoved: () => void): PlaceWatch {
  let followed: readonly string[] = [];

  function leave(): void {
    for (const directory of followed) {
      const place = places.get(directory);
      place?.listeners.delete(onMoved);
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
      for (const place of entered) place.listeners.add(onMoved);
      followed = before.filter((directory) => !wanted.includes(directory));
      leave();
      followed = wanted;
      lookLater();
      await Promise.all(entered.map(({ identity }) => identity));
    },
    close: leave,
  };
}

/** The directories on which it depends where a path to a file leads: its own, and that of each link on the way. */
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
  const place = { identity: identityOf(directory), listeners: new Set<() => void>() };
  places.set(directory, place);
  return place;
}

function lookLater(): void {
  if (cancelLook || isLooking || places.size === 0) return;
  cancelLook = backgroundClock.after(LOOK_EVERY_MS, async () => {
    cancelLook = null;
    isLooking = true;
    await Promise.all([...places].map(([directory, place]) => look(directory, place)));
    isLooking = false;
    lookLater();
  });
}

async function look(directory: string, place: Place): Promise<void> {
  const before = await place.identity;
  const now = await identityOf(directory);
  if (now === before) return;
  place.identity = Promise.resolve(now);
  for (const tell of [...place.listeners]) tell();
}

/** What tells a directory from any other in its place, and from none. */
async function identityOf(directory: string): Promise<string> {
  try {
    const real = await realpath(directory);
    const { dev, ino } = await stat(real);
    return `${real} ${dev} ${ino}`;
  } catch {
    return '';
  }
}
