import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import type { TaskId } from '../../../model/id.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { endedAtOf, hasEnded, TASK_STATUSES, type TaskStatus } from '../../../model/task.ts';
import { joined, plainName } from '../../../model/text.ts';
import { taskLine } from '../../../present/lines.ts';
import { sourceProblems } from '../../../present/source-problem.ts';
import { noSourceWasRead, waitUntil } from '../../../session/settled.ts';
import { readSourceSpec } from '../../../session/source-specs.ts';
import { allEntries, findEntry, type State, type TaskEntry } from '../../../store/state.ts';
import { complain, EXIT, refuse } from '../../process/exit.ts';
import { findTask } from '../../session/find-task.ts';
import { exitStatusOf } from '../../session/listed.ts';
import {
  type CommandOptions,
  rememberRuns,
  type Session,
  settle,
  withSession,
} from '../../session/session.ts';
import { showProgress } from './show-progress.ts';

/** Longer than anybody means to wait: without `--timeout` a wait takes as long as the tasks do. */
const FOREVER_S = 365 * 24 * 3600;

export interface WaitOptions extends CommandOptions {
  readonly timeout?: string;
  /** Whether the first task is enough. */
  readonly any?: boolean;
  /** Statuses that are waited for, beside an end. */
  readonly until?: string;
}

/** What is waited for. */
interface Goal {
  readonly statuses: ReadonlySet<TaskStatus>;
  readonly isFirstEnough: boolean;
  readonly waitMs: number;
}

/**
 * Blocks until the tasks have ended, or have a status that is asked for. A word that can be read as a source is one.
 * Resolves with the exit code.
 */
export async function runWait(words: readonly string[], options: WaitOptions, io: Io): Promise<number> {
  const { timeout, any: isFirstEnough = false, until, ...settingOptions } = options;
  const isSource = (word: string) => readSourceSpec(word, io.cwd).kind === 'spec';
  const ids = words.filter((word) => !isSource(word));
  const timeoutS = timeout === undefined ? FOREVER_S : Number(timeout);
  if (!(timeoutS >= 0) || timeout?.trim() === '') return refuse(io, badTimeout(String(timeout)), EXIT.usage);
  const statuses = readStatuses(until);
  if (!(statuses instanceof Set)) return refuse(io, statuses, EXIT.usage);
  const goal = { statuses, isFirstEnough, waitMs: timeoutS * 1000 };
  return withSession(
    words.filter(isSource),
    settingOptions,
    io,
    async (session) => {
      await rememberRuns(session, io);
      const named =
        ids.length > 0 ? await nameTasks(session, ids, io) : await allTasks(session, words.length > 0, io);
      return typeof named === 'number' ? named : waitForGoal(session, named, goal, io);
    },
    { showsAgents: ids.length > 0 },
  ); // an agent's session has no end of its own
}

/** Reads what `--until` names; the ends are waited for in any case. */
function readStatuses(until: string | undefined): Set<TaskStatus> | Problem {
  const named = (until ?? '').split(',').map((word) => word.trim());
  const unknown = named.find((word) => word !== '' && !TASK_STATUSES.includes(word as TaskStatus));
  if (unknown !== undefined || (until !== undefined && named.every((word) => word === '')))
    return unknownStatus(unknown ?? '');
  return new Set(TASK_STATUSES.filter((status) => hasEnded(status) || named.includes(status)));
}

/** Returns the named tasks, or the exit code if one of them is missing. */
async function nameTasks(
  session: Session,
  ids: readonly string[],
  io: Io,
): Promise<readonly TaskId[] | number> {
  const tasks: TaskId[] = [];
  for (const id of ids) {
    const found = await findTask(session, id, io);
    if (found.kind === 'none') return refuse(io, found.problem, found.code);
    tasks.push(found.entry.task.id);
  }
  return tasks;
}

/** Returns all tasks of the sources that were named; without any, those that have not ended. */
async function allTasks(
  session: Session,
  areSourcesNamed: boolean,
  io: Io,
): Promise<readonly TaskId[] | number> {
  const { monitor } = session;
  await settle(session, io);
  if (!noSourceWasRead(monitor.getState())) {
    const entries = allEntries(monitor.getState());
    return entries.filter((entry) => areSourcesNamed || !isOver(entry)).map(({ task }) => task.id);
  }
  for (const said of sourceProblems(monitor.getState())) complain(io, said);
  return EXIT.noSource;
}

async function waitForGoal(
  { monitor }: Session,
  ids: readonly TaskId[],
  { statuses, isFirstEnough, waitMs }: Goal,
  io: Io,
): Promise<number> {
  const entries = (state: State) =>
    ids.map((id) => findEntry(state, id)).filter((entry) => entry !== undefined);
  const isThere = ({ task }: TaskEntry) => statuses.has(task.state.status);
  const isReached = (state: State) => {
    const found = entries(state);
    if (isFirstEnough && ids.length > 0) return found.some(isThere) || found.length < ids.length;
    return found.every(isThere);
  };
  const shown = showProgress(monitor, entries, io);
  const reached = await waitUntil(monitor, isReached, { clock: io.clock, waitMs, signal: io.signal });
  shown.close();
  const found = entries(monitor.getState());
  const first = found.filter(isThere).sort(endedFirst).slice(0, 1);
  const told = isFirstEnough && reached ? first : found;
  for (const entry of told) say(io, taskLine(entry, null));
  if (!reached) return EXIT.timedOut;
  const gone = ids.filter((id) => !found.some(({ task }) => task.id === id));
  for (const id of gone) complain(io, vanished(id));
  return gone.length > 0 && (first.length === 0 || !isFirstEnough) ? EXIT.failed : reachedCode(told);
}

/** Returns the exit code for tasks that have ended, or have a status that was asked for. */
function reachedCode(entries: readonly TaskEntry[]): number {
  const over = exitStatusOf(entries.filter(isOver));
  if (over !== EXIT.ok) return over;
  return entries.some(({ task }) => task.state.status === 'needs-input') ? EXIT.needsInput : EXIT.ok;
}

/** Puts first what ended first; what has not ended, and is there all the same, before it. */
function endedFirst(a: TaskEntry, b: TaskEntry): number {
  return (endedAtOf(a.task) ?? 0) - (endedAtOf(b.task) ?? 0);
}

function vanished(id: TaskId) {
  return problem(
    'missing',
    'down',
    plainName(`${id} is gone`),
    'its source no longer lists it, and never said how it ended',
  );
}

function isOver({ task }: TaskEntry): boolean {
  return hasEnded(task.state.status);
}

function unknownStatus(word: string) {
  const message = plainName(`wait: --until ${word || '""'} is not a status`);
  return problem('malformed', 'down', message, joined(TASK_STATUSES, ', '));
}

function badTimeout(text: string) {
  return problem(
    'malformed',
    'down',
    plainName(`wait: --timeout ${text} is not a number of seconds`),
    'for example --timeout 60',
  );
}
