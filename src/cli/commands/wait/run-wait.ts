import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import type { TaskId } from '../../../model/id.ts';
import { problem } from '../../../model/problem.ts';
import { hasEnded } from '../../../model/task.ts';
import { plainName } from '../../../model/text.ts';
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

/** Longer than anybody means to wait: without `--timeout` a wait takes as long as the tasks do. */
const FOREVER_S = 365 * 24 * 3600;

/** Blocks until the tasks have ended. A word that can be read as a source is one. Resolves with the exit code. */
export async function runWait(
  words: readonly string[],
  options: CommandOptions & { timeout?: string },
  io: Io,
): Promise<number> {
  const { timeout, ...settingOptions } = options;
  const isSource = (word: string) => readSourceSpec(word, io.cwd).kind === 'spec';
  const ids = words.filter((word) => !isSource(word));
  const timeoutS = timeout === undefined ? FOREVER_S : Number(timeout);
  if (!(timeoutS >= 0) || timeout?.trim() === '') return refuse(io, badTimeout(String(timeout)), EXIT.usage);
  return withSession(
    words.filter(isSource),
    settingOptions,
    io,
    async (session) => {
      await rememberRuns(session, io);
      const named =
        ids.length > 0 ? await nameTasks(session, ids, io) : await allTasks(session, words.length > 0, io);
      return typeof named === 'number' ? named : waitForEnd(session, named, timeoutS * 1000, io);
    },
    { showsAgents: ids.length > 0 },
  ); // an agent's session has no end of its own
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

async function waitForEnd(
  { monitor }: Session,
  ids: readonly TaskId[],
  waitMs: number,
  io: Io,
): Promise<number> {
  const entries = (state: State) =>
    ids.map((id) => findEntry(state, id)).filter((entry) => entry !== undefined);
  const ended = await waitUntil(monitor, (state) => entries(state).every(isOver), {
    clock: io.clock,
    waitMs,
    signal: io.signal,
  });
  const found = entries(monitor.getState());
  for (const entry of found) say(io, taskLine(entry, null));
  if (!ended) return EXIT.timedOut;
  const gone = ids.filter((id) => !found.some(({ task }) => task.id === id));
  for (const id of gone) complain(io, vanished(id));
  return gone.length > 0 ? EXIT.failed : exitStatusOf(found);
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

function badTimeout(text: string) {
  return problem(
    'malformed',
    'down',
    plainName(`wait: --timeout ${text} is not a number of seconds`),
    'for example --timeout 60',
  );
}
