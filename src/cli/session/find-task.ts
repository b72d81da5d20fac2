import type { Io } from '../../io/io.ts';
import { say } from '../../io/print.ts';
import { type Problem, problem } from '../../model/problem.ts';
import type { Task } from '../../model/task.ts';
import { plainName, words } from '../../model/text.ts';
import { sourceProblems } from '../../present/source-problem.ts';
import { everySourceIsLive, noSourceWasRead, waitUntil } from '../../session/settled.ts';
import { allEntries, type State, type TaskEntry } from '../../store/state.ts';
import { EXIT } from '../process/exit.ts';
import type { Session } from './session.ts';

export type Found =
  | { readonly kind: 'found'; readonly entry: TaskEntry }
  | { readonly kind: 'none'; readonly problem: Problem; readonly code: number };

/**
 * Waits until a task can be found: by its id, its source's own id, the end of that (another taskglass prefixes it with its
 * source), its name, or the beginning of its ids. Except for the first, each may match several tasks. Then none is found,
 * unless `newest` is asked for and the name is complete. A beginning is ambiguous, so the task that it was taken for is
 * printed.
 */
export async function findTask(
  { monitor, settings }: Session,
  id: string,
  io: Io,
  { newest = false } = {},
): Promise<Found> {
  const isCertain = (state: State) => allEntries(state).some(({ task }) => task.id === id);
  await waitUntil(monitor, (state) => isCertain(state) || everySourceIsLive(state), {
    clock: io.clock,
    waitMs: settings.wait * 1000,
    signal: io.signal,
  });
  return matchTask(monitor.getState(), id, newest, io);
}

function matchTask(state: State, id: string, newest: boolean, io: Io): Found {
  for (const isMeant of id === '' ? [] : MEANINGS) {
    const meant = allEntries(state).filter(({ task }) => isMeant(task, id));
    const isWhole = isMeant !== isBeginning;
    const [first, second] = newest && isWhole ? meant.sort(newestFirst) : meant;
    if (second && !(newest && isWhole)) return { kind: 'none', problem: ambiguous(id), code: EXIT.usage };
    if (first && !isWhole)
      say(
        io,
        words`taskglass: assuming that ${plainName(id)} means ${first.task.name} (${plainName(first.task.id)})`,
      );
    if (first) return { kind: 'found', entry: first };
  }
  return noSourceWasRead(state)
    ? { kind: 'none', problem: firstProblem(state) ?? unknownTask(id), code: EXIT.noSource }
    : { kind: 'none', problem: unknownTask(id), code: EXIT.usage };
}

type Meaning = (task: Task, id: string) => boolean;

const isBeginning: Meaning = (task, id) => task.id.startsWith(id) || task.nativeId.startsWith(id);

/** What an id may mean; the first that matches any task applies. */
const MEANINGS: readonly Meaning[] = [
  (task, id) => task.id === id,
  (task, id) => task.nativeId === id,
  (task, id) => task.nativeId.endsWith(`/${id}`),
  (task, id) => task.name === id,
  isBeginning,
];

function newestFirst(a: TaskEntry, b: TaskEntry): number {
  return (b.task.startedAt ?? 0) - (a.task.startedAt ?? 0);
}

function firstProblem(state: State): Problem | null {
  return sourceProblems(state)[0] ?? null;
}

function unknownTask(id: string): Problem {
  return problem(
    'missing',
    'down',
    plainName(`no task ${id || '""'}`),
    'taskglass --once lists the tasks, with --json their ids',
  );
}

function ambiguous(id: string): Problem {
  return problem(
    'malformed',
    'down',
    plainName(`several tasks match ${id}`),
    'write more of its id: taskglass --once --json lists them',
  );
}
