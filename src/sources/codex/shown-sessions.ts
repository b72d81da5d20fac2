import { stat } from 'node:fs/promises';
import { systemProblem } from '../../io/file-problem.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { type FollowedSession, followSession, PackedError } from './followed-session.ts';
import { LATELY_MS, listRollouts, type RolloutFile } from './place.ts';

/** So many sessions are shown, those that moved last. */
const MOST_SHOWN = 200;
/** So many files are read at the same time. */
const AT_ONCE = 8;

export interface ShownSession {
  readonly file: RolloutFile;
  readonly session: FollowedSession;
}

/** The sessions that moved in the last day, each read as far as it was written. */
export interface ShownSessions {
  /** Looks for sessions that have come, gone or moved. Rejects with the system's error if that cannot be known. */
  find(nowMs: number): Promise<void>;
  /** Reads what is new in these files, or in all; tells what is wrong with them. */
  read(only: ReadonlySet<string> | null): Promise<Problem | null>;
  readonly all: readonly ShownSession[];
  isShown(path: string): boolean;
  /** The directories in which files come, and those of the shown sessions. */
  readonly directories: readonly string[];
}

export function createShownSessions(home: string): ShownSessions {
  let shown = new Map<string, ShownSession>();
  let directories: readonly string[] = [];

  return {
    async find(nowMs) {
      const listed = await listRollouts(home);
      const moved = await movedSince(listed.files, nowMs - LATELY_MS);
      shown = new Map(
        moved.map((file) => [file.path, shown.get(file.path) ?? { file, session: followSession(file) }]),
      );
      const own = new Set(moved.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
      directories = [...new Set([...listed.directories.slice(0, 8), ...own])];
    },
    async read(only) {
      const problems: Problem[] = [];
      const due = [...shown.values()].filter(({ file }) => !only || only.has(file.path));
      for (let from = 0; from < due.length; from += AT_ONCE) {
        const some = due.slice(from, from + AT_ONCE).map(async ({ file, session }) => {
          await session.read().catch((error: unknown) => problems.push(problemOf(error, file)));
        });
        await Promise.all(some);
      }
      return problems[0] ?? null;
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

/** Returns the files that moved since `sinceMs`, those that moved last first. */
async function movedSince(files: readonly RolloutFile[], sinceMs: number): Promise<RolloutFile[]> {
  const stamped: { readonly file: RolloutFile; readonly at: number }[] = [];
  for (let from = 0; from < files.length; from += 10 * AT_ONCE) {
    const some = files.slice(from, from + 10 * AT_ONCE).map(async (file) => {
      const stats = await stat(file.path).catch(() => null);
      if (stats?.isFile() && stats.mtimeMs >= sinceMs) stamped.push({ file, at: stats.mtimeMs });
    });
    await Promise.all(some);
  }
  const newest = stamped.sort((a, b) => b.at - a.at || (a.file.name < b.file.name ? 1 : -1));
  return newest.slice(0, MOST_SHOWN).map(({ file }) => file);
}

function problemOf(error: unknown, { path }: RolloutFile): Problem {
  if (error instanceof PackedError)
    return problem(
      'unreadable',
      'degraded',
      words`${plainName(path)} is packed with zstd, which this Node cannot unpack`,
      'use Node 22.15 or later',
    );
  return { ...systemProblem(error, path), severity: 'degraded' };
}
