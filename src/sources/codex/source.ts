import { basename } from 'node:path';
import type { Clock } from '../../clock.ts';
import { systemProblem } from '../../io/file-problem.ts';
import { filesOpenIn } from '../../io/open-files.ts';
import { type DirectoryWatches, watchDirectories } from '../../io/watch-directories.ts';
import type { SourceId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import { createPolledSource, type Look } from '../kit/polled-source.ts';
import type { Source } from '../kit/source.ts';
import type { TaskDraft } from '../kit/task-draft.ts';

import { sessionsOf } from './place.ts';
import { createSessionNames, indexOf } from './session-names.ts';
import { createShownSessions, type ShownSession } from './shown-sessions.ts';
import { createTasks } from './task.ts';

/** How often everything is read for which no hint can arrive. */
const LOOK_EVERY_MS = 10_000;
/** How often files are looked for, and all shown ones read: hints make both happen sooner. */
const FIND_EVERY_MS = 30_000;
/** How long the list of open files counts: finding it means looking at all processes. */
const OPEN_FOR_MS = 30_000;
/** Somebody is still writing to a file that has changed within this time. */
const MOVING_MS = 2 * 60_000;

/** Shows the sessions of this user's Codex that changed in the last day, from its own records. There are no commands. */
export function createCodexSource(options: {
  readonly id: SourceId;
  readonly home: string;
  readonly clock: Clock;
}): Source {
  const { home, clock } = options;
  const sessions = createShownSessions(home);
  const names = createSessionNames(home);
  const taskOf = createTasks();
  let watches: DirectoryWatches | null = null;
  /** The paths for which a hint arrived since the last look. */
  let hints = new Set<string>();
  let readAllAt = Number.NEGATIVE_INFINITY;
  let foundAt = Number.NEGATIVE_INFINITY;
  /** Whether a directory is not watched. */
  let isBlind = true;
  /** The names of the files that a Codex has open; null if not known. */
  let open: ReadonlySet<string> | null = null;
  let openedAt = Number.NEGATIVE_INFINITY;
  let problem: Problem | null = null;

  async function look(): Promise<Look> {
    const hinted = hints;
    hints = new Set();
    try {
      const isAllDue = clock.monotonic() - readAllAt >= (isBlind ? LOOK_EVERY_MS : FIND_EVERY_MS);
      const isFindDue = isAllDue && clock.monotonic() - foundAt >= FIND_EVERY_MS;
      if (isFindDue || [...hinted].some((path) => !sessions.isShown(path))) await find();
      await read(isAllDue ? null : hinted);
      await names.read();
      return { kind: 'read', tasks: await tasks(clock.now()), problem, changedAt: clock.now() };
    } catch (error) {
      // What comes back may be other directories with the same names.
      watches?.follow([home]);
      readAllAt = Number.NEGATIVE_INFINITY;
      foundAt = Number.NEGATIVE_INFINITY;
      return { kind: 'failed', problem: systemProblem(error, sessionsOf(home)) };
    }
  }

  async function find(): Promise<void> {
    await sessions.find(clock.now());
    foundAt = clock.monotonic();
    // What appeared before they were watched is found at the next look.
    const following = watches?.follow([home, ...sessions.directories]);
    isBlind = following === undefined || following.failed.length > 0;
    if (following && following.opened.length > 0) foundAt = Number.NEGATIVE_INFINITY;
  }

  async function read(only: ReadonlySet<string> | null): Promise<void> {
    const found = await sessions.read(only);
    // It may be gone, or have been compressed.
    if (found) await find();
    if (only && !found) return;
    problem = found && (await sessions.read(null));
    readAllAt = clock.monotonic();
  }

  async function tasks(nowMs: number): Promise<TaskDraft[]> {
    const isMoving = ({ session }: ShownSession) => nowMs - session.modifiedAt < MOVING_MS;
    const mayBeGone = sessions.all.some(
      (shown) => shown.session.told?.standing.turn?.status === 'running' && !isMoving(shown),
    );
    if (mayBeGone && clock.monotonic() - openedAt >= OPEN_FOR_MS) {
      open = await filesOpenIn('codex');
      openedAt = clock.monotonic();
    }
    return sessions.all.flatMap((shown) => {
      const { file, session } = shown;
      if (!session.told) return [];
      const draft = taskOf(session.told, {
        name: names.nameOf(session.told.head.id),
        fileName: file.name,
        modifiedAt: session.modifiedAt,
        isMoving: isMoving(shown),
        isOpen: open?.has(basename(file.path)) ?? null,
      });
      return [draft];
    });
  }

  return createPolledSource({
    ...options,
    kind: 'codex',
    location: home,
    look,
    everyMs: LOOK_EVERY_MS,
    watch(lookSoon) {
      watches = watchDirectories((path) => {
        if (path === indexOf(home)) return lookSoon();
        // Databases beside the sessions are written all the time.
        if (!path.startsWith(sessionsOf(home))) return;
        hints.add(path);
        lookSoon();
      });
      return watches;
    },
  });
}
