import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import type { TaskId } from '../../../model/id.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { endedAtOf, hasEnded, reasonOf, TASK_STATUSES, type TaskStatus } from '../../../model/task.ts';
import { joined, plainName, words } from '../../../model/text.ts';
import { withoutWorkflowCommands } from '../../../present/github-annotation.ts';
import type { TaskSummary } from '../../../present/job-summary.ts';
import { taskLine } from '../../../present/lines.ts';
import { sourceProblems } from '../../../present/source-problem.ts';
import { awaitedStatuses, type Goal, standingOf, waitForGoal } from '../../../session/goal.ts';
import { noSourceWasRead } from '../../../session/settled.ts';
import { readSourceSpec } from '../../../session/source-specs.ts';
import { allEntries, type TaskEntry } from '../../../store/state.ts';
import { openGithubReport } from '../../outputs/github.ts';
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

/** Longer than anybody means to wait: without `--timeout`, a wait lasts as long as the tasks do. */
const FOREVER_S = 365 * 24 * 3600;

export interface WaitOptions extends CommandOptions {
  readonly timeout?: string;
  /** Whether the first task is enough. */
  readonly any?: boolean;
  /** Statuses to wait for, besides an end. */
  readonly until?: string;
}

/**
 * Blocks until the tasks have ended, or have one of the requested statuses. A word that can be read as a source is one.
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
  return withSession(
    words.filter(isSource),
    settingOptions,
    io,
    async (session) => {
      await rememberRuns(session, io);
      const named =
        ids.length > 0 ? await nameTasks(session, ids, io) : await allTasks(session, words.length > 0, io);
      if (typeof named === 'number') return named;
      const goal = { ids: named, statuses, isFirstEnough };
      return tellGoal(session, goal, timeoutS * 1000, io);
    },
    { showsAgents: ids.length > 0 },
  ); // an agent's session never ends by itself
}

/** Reads what `--until` names; an end is waited for in any case. */
function readStatuses(until: string | undefined): Set<TaskStatus> | Problem {
  const named = (until ?? '').split(',').map((word) => word.trim());
  const unknown = named.find((word) => word !== '' && !TASK_STATUSES.includes(word as TaskStatus));
  if (unknown !== undefined || (until !== undefined && named.every((word) => word === '')))
    return unknownStatus(unknown ?? '');
  return awaitedStatuses(named);
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

/** Returns all tasks of the sources that were named; if none were, those that have not ended. */
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

async function tellGoal({ monitor, settings }: Session, goal: Goal, waitMs: number, io: Io): Promise<number> {
  const shown = showProgress(monitor, (state) => standingOf(goal, state).entries, io);
  const { isReached, entries, there, gone } = await waitForGoal(monitor, goal, {
    clock: io.clock,
    waitMs,
    signal: io.signal,
  });
  shown.close();
  const told = goal.isFirstEnough && isReached ? there.slice(0, 1) : entries;
  const github = openGithubReport(settings, io);
  for (const entry of told) {
    const line = taskLine(entry, null);
    say(io, github ? withoutWorkflowCommands(line) : line);
  }
  const nowMs = io.clock.now();
  github?.tell([...told.map((entry) => summaryOf(entry, nowMs)), ...gone.map(goneTask)]);
  if (!isReached) return EXIT.timedOut;
  for (const id of gone) complain(io, vanished(id));
  return gone.length > 0 && (there.length === 0 || !goal.isFirstEnough) ? EXIT.failed : reachedCode(told);
}

function summaryOf({ task }: TaskEntry, nowMs: number): TaskSummary {
  const { name, state, startedAt } = task;
  const endedAt = endedAtOf(task) ?? (hasEnded(state.status) ? null : nowMs);
  const durationMs = startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt);
  const why = state.status === 'completed' ? state.result : (task.question?.text ?? reasonOf(state));
  return { name, status: state.status, durationMs, why };
}

/** Nobody knows how it ended, which does not count as a success. */
function goneTask(id: TaskId): TaskSummary {
  return { name: plainName(id), status: 'failed', durationMs: null, why: GONE };
}

/** Returns the exit code for tasks that have ended or have a requested status. */
function reachedCode(entries: readonly TaskEntry[]): number {
  const over = exitStatusOf(entries.filter(isOver));
  if (over !== EXIT.ok) return over;
  return entries.some(({ task }) => task.state.status === 'needs-input') ? EXIT.needsInput : EXIT.ok;
}

function vanished(id: TaskId) {
  return problem('missing', 'down', plainName(`${id} is gone`), GONE);
}

const GONE = words`its source no longer lists it, and never said how it ended`;

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
