import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemProblem } from '../../io/file-problem.ts';
import { isProcessThere } from '../../io/process-identity.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName, words } from '../../model/text.ts';
import type { TaskDraft } from '../../sources/kit/task-draft.ts';
import { createEntries, type Entries } from './entries.ts';
import { type ClaudeSession, decodeSession } from './format.ts';
import { createJournals, isAsking } from './hooks/journals.ts';
import type { HeldAsk } from './hooks/signalled-rows.ts';
import { GRACE_MS } from './job-state.ts';
import { joinRows, ownedLists } from './join.ts';
import { type KeptFile, readKept } from './kept-file.ts';
import { type KeptJob, readKeptJob } from './kept-job.ts';
import { type KeptList, readKeptList } from './kept-list.ts';
import { type ClaudePlaces, isJobId, isSessionFile } from './place.ts';
import type { ReadJob } from './rows.ts';

/** A home, as it was last read. */
export interface HomeReading {
  readonly tasks: readonly TaskDraft[];
  readonly problem: Problem | null;
  /** Whether something in it is alive, or will soon look different although no file changes. */
  readonly isLively: boolean;
  /** The tasks that are background jobs. */
  readonly jobIds: ReadonlySet<string>;
  /** Whether the files may be incomplete: a session has no file, or one that cannot be understood. */
  readonly isPartial: boolean;
  /** What can be answered from here, by the task's native id. */
  readonly held: ReadonlyMap<string, HeldAsk>;
}

/** What Claude Code keeps, read again and again; what has not changed is read only once. */
export interface ClaudeHome {
  /** This path, or something below it, may have changed. Returns whether it is anything that is read. */
  touch(path: string): boolean;
  /** Never rejects; resolves with `down` if there is no home now. */
  read(nowMs: number): Promise<HomeReading | { readonly down: Problem }>;
  /** The directories of jobs and lists, whose changes matter. */
  directories(): readonly string[];
}

/** A list with such a name belongs to a session. */
const SESSION_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/iu;
/** A file that cannot be understood is not a problem yet: it may be being written. */
const PATIENCE_MS = 2_000;
const HINT = words`it is made by the first start of Claude Code; claude:DIR or CLAUDE_CONFIG_DIR names another one`;

/** After this time, what was read may look different although nothing has changed. */
const VALID_MS = 30_000;

interface LastReading {
  readonly living: readonly ClaudeSession[];
  readonly reading: HomeReading;
  /** From when and until when (epoch ms) it is valid, if nothing changes. */
  readonly at: number;
  readonly validUntil: number;
}

export function createClaudeHome(places: ClaudePlaces): ClaudeHome {
  let owned: ReadonlySet<string> = new Set();
  let last: LastReading | null = null;
  const sessions = createEntries<KeptFile<ClaudeSession>>({
    directory: places.sessions,
    isWanted: isSessionFile,
    load: (name, before) =>
      readKept(join(places.sessions, name), before, (raw) => decodeSession(raw, Number.parseInt(name, 10))),
  });
  const jobs = createEntries<KeptJob>({
    directory: places.jobs,
    isWanted: isJobId,
    load: (name, before) => readKeptJob(join(places.jobs, name), name, before),
  });
  const lists = createEntries<KeptList>({
    directory: places.tasks,
    // Lists of sessions that are gone are not read: there may be hundreds.
    isWanted: (name) => !name.startsWith('.') && (owned.has(name) || !SESSION_ID.test(name)),
    load: (name, before) => readKeptList(join(places.tasks, name), before),
  });
  const journals = createJournals(places.signals);
  const roots = new Map<string, Entries<unknown>>([
    ...journals.entries,
    [places.sessions, sessions],
    [places.jobs, jobs],
    [places.tasks, lists],
  ]);

  return {
    touch(path) {
      if (path === places.home) for (const entries of roots.values()) entries.touch(null);
      const own = roots.get(path);
      own?.touch(null);
      const entry = [path, dirname(path)].find((one) => roots.has(dirname(one)));
      if (entry) roots.get(dirname(entry))?.touch(basename(entry));
      return path === places.home || own !== undefined || entry !== undefined;
    },
    directories: () => [
      ...[...jobs.values.keys()].map((name) => join(places.jobs, name)),
      ...[...lists.values.keys()].map((name) => join(places.tasks, name)),
    ],
    async read(nowMs) {
      const down = await whyDown(places.home);
      if (down) return { down };
      const changes = [await sessions.refresh(), await jobs.refresh(), await journals.refresh(nowMs)];
      const living = [...sessions.values.values()].flatMap(({ value }) =>
        value && isLiving(value) ? [value] : [],
      );
      const readJobs = [...jobs.values.values()].filter(isRead);
      owned = ownedLists({ sessions: living, jobs: readJobs });
      changes.push(await lists.refresh());
      const isSame =
        !changes.includes(true) &&
        living.length === last?.living.length &&
        living.every((one, at) => one === last?.living[at]);
      if (last && isSame && nowMs >= last.at && nowMs < last.validUntil) return last.reading;
      const { reading, isSettling } = readingOf(living, readJobs, nowMs);
      last = { living, reading, at: nowMs, validUntil: nowMs + (isSettling ? 0 : VALID_MS) };
      return reading;
    },
  };

  /** Returns what was read as it looks now; `settling` if it will soon look different by itself. */
  function readingOf(living: readonly ClaudeSession[], readJobs: readonly ReadJob[], nowMs: number) {
    const files = [...sessions.values.values()];
    const states = [...jobs.values.values()].map(({ state }) => state);
    const listed = [...lists.values.values()];
    const found = problemsIn(
      [sessions, jobs, lists],
      [...files, ...states, ...listed.flatMap(({ tasks }) => tasks.map(({ file }) => file))],
    );
    const wrong = found.filter(({ since }) => nowMs - since > PATIENCE_MS).map(({ problem: one }) => one);
    const isNew = (at: number) => nowMs - at <= Math.max(PATIENCE_MS, GRACE_MS);
    const isSettling = found.some(({ since }) => isNew(since)) || states.some((one) => isNew(one.modifiedAt));
    const ours = journals.of(places.home);
    const { rows, held } = joinRows(
      {
        sessions: living,
        jobs: readJobs,
        lists: lists.values,
        journals: ours,
        keepsSessions: files.some(({ value }) => value !== null),
      },
      nowMs,
    );
    const isAnyAsking = [...ours.values()].some(isAsking);
    const reading: HomeReading = {
      tasks: rows,
      held,
      problem: inOneProblem([...wrong, ...listed.flatMap((list) => list.problem ?? [])]),
      isLively: living.length > 0 || isSettling || isAnyAsking,
      jobIds: new Set(jobs.values.keys()),
      isPartial: files.every(({ value }) => value === null) || wrong.some(({ kind }) => kind === 'malformed'),
    };
    return { reading, isSettling: isSettling || isAnyAsking };
  }
}

function isLiving({ isSpare, pid, startTicks }: ClaudeSession): boolean {
  return !isSpare && isProcessThere(pid, startTicks);
}

function isRead(job: KeptJob): job is ReadJob {
  return job.state.value !== null;
}

/** Returns what is wrong with directories and files, and since when (epoch ms). */
function problemsIn(entries: readonly Entries<unknown>[], files: readonly KeptFile<unknown>[]) {
  const ofDirectories = entries.flatMap(({ problem: one }) => (one ? [{ problem: one, since: 0 }] : []));
  const ofFiles = files.flatMap((file) =>
    file.problem ? [{ problem: file.problem, since: file.modifiedAt }] : [],
  );
  return [...ofDirectories, ...ofFiles];
}

function inOneProblem([first, ...others]: readonly Problem[]): Problem | null {
  if (!first || others.length === 0) return first ?? null;
  return { ...first, message: words`${first.message} (and ${others.length} more like this)` };
}

async function whyDown(home: string): Promise<Problem | null> {
  try {
    if ((await stat(home)).isDirectory()) return null;
    return problem('missing', 'down', words`${plainName(home)} is not a directory`, HINT);
  } catch (error) {
    const found = systemProblem(error, home);
    return found.kind === 'missing' ? { ...found, hint: HINT } : found;
  }
}
