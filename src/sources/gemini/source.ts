import { dirname } from 'node:path';
import { systemProblem } from '../../io/file-problem.ts';
import { type DirectoryWatches, watchDirectories } from '../../io/watch-directories.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import { createPolledSource, type Look } from '../kit/polled-source.ts';
import type { PlacedOptions } from '../kit/program-options.ts';
import type { Source } from '../kit/source.ts';
import { trackerTask } from './format.ts';
import { geminiHome, listTrackers, RECENT_MS, type Tracker, temporaryOf } from './place.ts';
import { readProjectRoots } from './project-roots.ts';
import { createTrackerFiles, type TrackerFiles } from './tracker-files.ts';

/** How often the shown trackers are read, and how often trackers are looked for: hints make both happen sooner. */
const LOOK_EVERY_MS = 5_000;
const FIND_EVERY_MS = 60_000;
const MOST_SHOWN = 200;

interface Followed extends Tracker {
  readonly files: TrackerFiles;
}

/** Shows the trackers of Gemini CLI that changed in the last day, one task per session. There are no commands. */
export function createGeminiSource(options: PlacedOptions): Source {
  const { id, clock } = options;
  const home = geminiHome(options.place, options.env, options.cwd);
  let followed: readonly Followed[] = [];
  let watches: DirectoryWatches | null = null;
  let roots: Awaited<ReturnType<typeof readProjectRoots>> = new Map();
  let foundAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<Look> {
    try {
      if (clock.monotonic() - foundAt >= FIND_EVERY_MS) await find();
      for (const { files } of followed) await files.read();
    } catch (error) {
      const wasFound = Number.isFinite(foundAt);
      foundAt = Number.NEGATIVE_INFINITY;
      // The session is gone: look at once for what is left.
      if (wasFound) return look();
      watches?.follow([home]);
      return { kind: 'failed', problem: systemProblem(error, temporaryOf(home)) };
    }
    const nowMs = clock.now();
    const tasks = followed
      .filter(({ files }) => files.tasks.length > 0)
      .map(({ files, ...tracker }) => {
        const cwd = roots.get(tracker.project) ?? null;
        return trackerTask(tracker, files.tasks, { nowMs, movedAt: files.movedAt, cwd });
      });
    return { kind: 'read', tasks, problem: brokenProblem(followed, nowMs), changedAt: nowMs };
  }

  async function find(): Promise<void> {
    const known = new Map(followed.map((one) => [one.directory, one]));
    const trackers = await listTrackers(home);
    const sinceMs = sinceOf(clock.now());
    const all = trackers.map(
      (tracker) =>
        known.get(tracker.directory) ?? { ...tracker, files: createTrackerFiles(tracker.directory) },
    );
    const moved: Followed[] = [];
    for (const one of all) {
      // It may be gone by now.
      await one.files.read().catch(() => {});
      if (one.files.movedAt >= sinceMs) moved.push(one);
    }
    followed = moved.sort((a, b) => b.files.movedAt - a.files.movedAt).slice(0, MOST_SHOWN);
    roots = await readProjectRoots(home);
    foundAt = clock.monotonic();
    const own = followed.flatMap(({ directory }) => [directory, dirname(dirname(directory))]);
    const places = new Set([temporaryOf(home), home, ...own]);
    // What appeared before it was watched is found at the next look.
    if (watches?.follow([...places])) foundAt = Number.NEGATIVE_INFINITY;
  }

  return createPolledSource({
    id,
    clock,
    kind: 'gemini',
    location: home,
    look,
    everyMs: LOOK_EVERY_MS,
    watch(lookSoon) {
      watches = watchDirectories((path) => {
        if (!path.startsWith(temporaryOf(home))) return;
        if (!followed.some(({ directory }) => path.startsWith(`${directory}/`)))
          foundAt = Number.NEGATIVE_INFINITY;
        lookSoon();
      });
      return watches;
    },
  });
}

function sinceOf(nowMs: number): number {
  return nowMs - RECENT_MS;
}

/** A file that was written more recently than this may not be complete yet. */
const SETTLED_MS = 2_000;

function brokenProblem(followed: readonly Followed[], nowMs: number): Problem | null {
  const [first, ...more] = followed.flatMap(({ files }) => files.brokenFiles(nowMs - SETTLED_MS));
  if (first === undefined) return null;
  const others = more.length === 0 ? words`` : words` and ${more.length} more`;
  return problem(
    'malformed',
    'degraded',
    words`${plainName(first)}${others}: not a task of Gemini CLI`,
    'it is left out',
  );
}
