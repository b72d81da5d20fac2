import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { watchDirectories } from '../../io/watch-directories.ts';
import type { ClaudeHome } from './home.ts';
import type { ClaudePlaces } from './place.ts';

/** Tells a home what may have changed in it. */
export interface HomeWatch {
  /** Call this before it is read: a directory that has replaced another is new, with whatever is in it. */
  before(): Promise<void>;
  /** Call this after it was read: watches what exists now. */
  after(): void;
  /** The system does not report all changes, so they have to be looked for. */
  readonly isBlind: boolean;
  close(): void;
}

/** How often everything is read once more, whatever was reported. */
const ALL_EVERY_MS = 60_000;
/** Further directories of jobs and lists are not watched, but read as often as processes are checked. */
const MOST_WATCHES = 512;

/** Watches a home. `onNews` is called when there is something to read. */
export function watchHome(
  { home, sessions, jobs, tasks, signals }: ClaudePlaces,
  files: ClaudeHome,
  clock: Clock,
  onNews: () => void,
): HomeWatch {
  const above = dirname(home);
  const roots = [above, home, sessions, jobs, tasks, ...signals];
  let identities: readonly string[] = [];
  let allLookedAt = Number.NEGATIVE_INFINITY;
  let isBlind = false;

  const watches = watchDirectories((path) => {
    // Files that are not read here change all the time.
    if (files.touch(path === above ? home : path)) onNews();
  }, MOST_WATCHES);

  return {
    async before() {
      const known = identities;
      identities = await Promise.all(roots.map(identityOf));
      for (const [at, root] of roots.entries()) {
        if (identities[at] === known[at]) continue;
        watches.renew(root);
        files.touch(root === above ? home : root);
      }
      const now = clock.monotonic();
      if (!isBlind && now < allLookedAt + ALL_EVERY_MS) return;
      allLookedAt = now;
      files.touch(home);
    },
    after() {
      const there = roots.filter((_root, at) => identities[at] !== '');
      const { opened, failed } = watches.follow([...there, ...files.directories()]);
      isBlind = failed.length > 0;
      // What appeared in a directory before it was watched still has to be read.
      for (const directory of opened) files.touch(directory);
      if (opened.length > 0) onNews();
    },
    get isBlind() {
      return isBlind;
    },
    close: watches.close,
  };
}

async function identityOf(directory: string): Promise<string> {
  const stats = await stat(directory).catch(() => null);
  return stats ? `${stats.dev} ${stats.ino}` : '';
}
