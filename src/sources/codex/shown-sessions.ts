import { stat } from 'node:fs/promises';
import { systemProblem } from '../../io/file-problem.ts';
import { inBatches } from '../../io/in-batches.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { type FollowedSession, followSession, PackedError } from './followed-session.ts';
import { listRollouts, RECENT_MS, type RolloutFile } from './place.ts';

/** How many sessions are shown, the latest to change. */
const MOST_SHOWN = 200;
/** How many files are read at the same time. */
const READ_AT_ONCE = 8;

export interface ShownSession {
  readonly file: RolloutFile;
  readonly session: FollowedSession;
}

/** The sessions that changed in the last day, each read as far as it is written. */
export interface ShownSessions {
  /** Looks for sessions that are new, gone or changed. Rejects with the system's error if it cannot look. */
  find(nowMs: number): Promise<void>;
  /** Reads what is new in these files, or in all; returns what is wrong with them. */
  read(only: ReadonlySet<string> | null): Promise<Problem | null>;
  readonly all: readonly ShownSession[];
  isShown(path: string): boolean;
  /** The directories in which new files appear, and those of the shown sessions. */
  readonly directories: readonly string[];
}

export function createShownSessions(home: string): ShownSessions {
  let shown = new Map<string, ShownSession>();
  let directories: readonly string[] = [];

  return {
    async find(nowMs) {
      const listed = await listRollouts(home);
      const moved = await movedSince(listed.files, nowMs - RECENT_MS);
      shown = new Map(
        moved.map((file) => [file.path, shown.get(file.path) ?? { file, session: followSession(file) }]),
      );
      const own = new Set(moved.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
      directories = [...new Set([...listed.directories.slice(0, 8), ...own])];
    },
    async read(only) {
      const due = [...shown.values()].filter(({ file }) => !only || only.has(file.path));
      const read = ({ file, session }: ShownSession) =>
        session.read().then(
          () => null,
          (error: unknown) => problemOf(error, file),
        );
      const problems = await inBatches(due, read, { atOnce: READ_AT_ONCE });
      return problems.find((each) => each !== null) ?? null;
    },
    get all() {
      return [...shown.values()];
    },
    isShown: (path) => shown.has(path),
    get directories() {
      return directories;
    },
  };
}

/** Returns the files that changed since `sinceMs`, the latest first. */
async function movedSince(files: readonly RolloutFile[], sinceMs: number): Promise<RolloutFile[]> {
  const stamped = await inBatches(files, async (file) => {
    const stats = await stat(file.path).catch(() => null);
    return stats?.isFile() && stats.mtimeMs >= sinceMs ? [{ file, at: stats.mtimeMs }] : [];
  });
  const newest = stamped.flat().sort((a, b) => b.at - a.at || (a.file.name < b.file.name ? 1 : -1));
  return newest.slice(0, MOST_SHOWN).map(({ file }) => file);
}

function problemOf(error: unknown, { path }: RolloutFile): Problem {
  if (error instanceof PackedError)
    return problem(
      'unreadable',
      'degraded',
      words`${plainName(path)} is compressed with zstd, which this Node cannot decompress`,
      'use Node 22.15 or later',
    );
  return { ...systemProblem(error, path), severity: 'degraded' };
}
