import { type Dirent, type Stats, statSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { backgroundClock } from '../clock.ts';
import type { FSWatcher } from './chokidar.ts';
import { createThrottle } from './throttle.ts';
import { isSameName, watchName } from './watch-name.ts';
import { placesOf, watchPlaces } from './watch-place.ts';

/** A watch on one path. */
export interface FileWatch {
  /** Starts again: a watch on something that was not a file does not always survive it. */
  renew(): void;
  /** Resolves once nothing is left open. */
  close(): Promise<void>;
}

type Backend = 'auto' | 'polling';

/** File systems on which the kernel does not report changes by other machines (the `f_type` of statfs). */
const NETWORK_FILESYSTEMS = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xfe534d42, // SMB 2 and later
  0xff534d42, // CIFS
  0x65735546, // FUSE: sshfs, s3fs and the like
  0x01021997, // 9P: folders that a virtual machine shares with its host
  0x786f4256, // VirtualBox shared folders
  0x5346414f, // AFS
  0x00c36400, // Ceph
]);

/**
 * An event from chokidar this soon after one from the system reports the same change: reading again would find nothing new.
 */
const SAME_CHANGE_MS = 100;
/** How often to check through which links a file that changes all the time is reached. */
const LOOK_FOR_LINKS_MS = 500;

/**
 * Calls `onChange` whenever the file at `path` may have changed: written, replaced (a new inode), truncated, deleted,
 * restored, or its permissions changed; even if neither the file nor its directory exists yet; and, within two seconds, if a
 * link or a directory on the way to it was replaced. A call is a hint: one change may cause several. If the system cannot
 * watch (no watches left, a network file system, a directory that may not be listed), it polls instead, every 100 ms or as
 * `CHOKIDAR_INTERVAL` says.
 */
export function watchFile(path: string, onChange: () => void): FileWatch {
  const absolute = resolve(path);
  return watchPath(absolute, onChange, {
    directory: dirname(absolute),
    // Without a depth, macOS and Windows would report everything below the file's directory, which may be a home.
    depth: 0,
    ignored: (other) => !isSameName(other, absolute),
    isHint: (name) => name !== null && isSameName(name, basename(absolute)),
    places: () => placesOf(absolute),
  });
}

/**
 * Calls `onChange` whenever a file or directory at most `depth` levels below `directory` may have appeared, disappeared or
 * been replaced; even if the directory itself comes and goes. Watches directories, not files: a tree of thousands of files
 * that are always replaced by new ones costs a handful of watches. (When it has to poll, it does not notice a file that is
 * changed in place.)
 */
export function watchTree(directory: string, depth: number, onChange: () => void): FileWatch {
  const absolute = resolve(directory);
  return watchPath(absolute, onChange, {
    directory: absolute,
    depth,
    watchesTree: true,
    ignored: (_path, stats) => stats?.isFile() ?? false,
    isHint: () => true,
    places: () => directoriesIn(absolute, depth),
  });
}

/** Returns a directory and the directories in it, even through links, as deep as it is watched. */
async function directoriesIn(directory: string, depth: number): Promise<string[]> {
  const entries: Dirent[] =
    depth === 0 ? [] : await readdir(directory, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  const deeper = below.map(({ name }) => directoriesIn(join(directory, name), depth - 1));
  return [directory, ...(await Promise.all(deeper)).flat()];
}

function watchPath(
  absolute: string,
  onChange: () => void,
  options: {
    /** Without this directory, there is nothing to watch. */
    readonly directory: string;
    readonly ignored: (path: string, stats?: Stats) => boolean;
    readonly depth: number;
    /** Whether names in the directories matter, and not only where they lead. */
    readonly watchesTree?: boolean;
    /** Tells whether a raw event with this name concerns what is watched. */
    readonly isHint: (name: string | null) => boolean;
    /** Returns the directories that determine what the path leads to now. */
    readonly places: () => Promise<readonly string[]>;
  },
): FileWatch {
  const { directory, isHint, places, watchesTree = false, ...watched } = options;
  let watcher: FSWatcher | null = null;
  let chokidar: typeof import('./chokidar.ts') | null = null;
  let stopWaiting = () => {};
  let backend: Backend = 'auto';
  let closed = false;
  /** When the system itself reported a change. */
  let toldAt = Number.NEGATIVE_INFINITY;

  const start = (wanted: Backend) => {
    if (closed || !chokidar) return;
    backend = wanted;
    if (!isDirectory(directory)) return waitForDirectory();
    const current = chokidar.watch(absolute, { ...watched, backend, ignoreInitial: true, atomic: false });
    watcher = current;
    // `all` and `ready` miss nothing; `raw` arrives first, and without chokidar's limit of one change in 50 ms.
    current.on('all', (event) => {
      placesMoved.request();
      if (event !== 'change' || backgroundClock.monotonic() - toldAt > SAME_CHANGE_MS) onChange();
    });
    current.on('ready', onChange);
    current.on('raw', (_event, name) => {
      if (!isHint(name)) return;
      toldAt = backgroundClock.monotonic();
      onChange();
    });
    current.on('error', () => {
      if (backend === 'auto' && watcher === current) restart('polling');
    });
  };
  const restart = (next: Backend) => {
    void watcher?.close();
    watcher = null;
    stopWaiting();
    start(next);
  };
  const startAnew = () => {
    restart(backend);
    void followPlaces();
    onChange();
  };
  /**
   * Waits for a directory. chokidar would search the nearest existing one whenever something happens in it, and that may be
   * a busy /tmp.
   */
  const waitForDirectory = () => {
    stopWaiting = watchName(missingPartOf(directory), startAnew);
    onChange();
  };
  const moves = watchPlaces({
    moved: startAnew,
    ...(watchesTree && { touched: onChange }),
  });
  const followPlaces = async () => {
    const found = await places();
    if (!closed) await moves.follow(found);
  };
  const placesMoved = createThrottle(backgroundClock, LOOK_FOR_LINKS_MS, () => void followPlaces());
  const opening = followPlaces()
    .then(() => isOnNetwork(absolute))
    .then(async (onNetwork) => {
      if (closed) return;
      chokidar = await import('./chokidar.ts');
      start(onNetwork ? 'polling' : 'auto');
    });

  return {
    renew: () => void opening.then(() => restart(backend)),
    async close() {
      closed = true;
      placesMoved.cancel();
      moves.close();
      await opening;
      stopWaiting();
      await watcher?.close();
    },
  };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Returns the first directory that is missing on the way to a path, or the path itself. */
function missingPartOf(path: string): string {
  const parent = dirname(path);
  return parent === path || isDirectory(parent) ? path : missingPartOf(parent);
}

/**
 * Tells whether the path is on a file system whose changes the kernel does not report. Checks the nearest existing
 * directory.
 */
export async function isOnNetwork(path: string): Promise<boolean> {
  try {
    return NETWORK_FILESYSTEMS.has((await statfs(path)).type >>> 0);
  } catch {
    const parent = dirname(path);
    return parent === path ? false : isOnNetwork(parent);
  }
}
