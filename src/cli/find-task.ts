import { type Problem, problem } from '../model/problem.ts';
import { plainName } from '../model/text.ts';
import { allEntries, type State, type TaskEntry } from '../store/state.ts';
import { EXIT } from './exit.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';
import { everySourceIsLive, noSourceWasRead, waitUntil } from './settled.ts';

export type Found =
  | { readonly kind: 'found'; readonly entry: TaskEntry }
  | { readonly kind: 'none'; readonly problem: Problem; readonly code: number };

/** Waits for a task to turn up: by its id, its source's own id, or the unambiguous beginning of either. */
export async function findTask({ monitor, settings }: Session, id: string, io: Io): Promise<Found> {
  await waitUntil(monitor, (state) => exactMatch(state, id) !== undefined || everySourceIsLive(state), {
    clock: io.clock,
    waitMs: settings.wait * 1000,
    signal: io.signal,
  });
  return matchTask(monitor.getState(), id);
}

function matchTask(state: State, id: string): Found {
  const exact = exactMatch(state, id);
  if (exact) return { kind: 'found', entry: exact };
  const [first, second] = allEntries(state).filter(
    ({ task }) => id !== '' && (task.id.startsWith(id) || task.nativeId.startsWith(id)),
  );
  if (second) return { kind: 'none', problem: ambiguous(id), code: EXIT.usage };
  if (first) return { kind: 'found', entry: first };
  return noSourceWasRead(state)
    ? { kind: 'none', problem: firstProblem(state) ?? unknownTask(id), code: EXIT.noSource }
    : { kind: 'none', problem: unknownTask(id), code: EXIT.usage };
}

function exactMatch(state: State, id: string): TaskEntry | undefined {
  return allEntries(state).find(({ task }) => task.id === id || task.nativeId === id);
}

function firstProblem(state: State): Problem | null {
  return [...state.sources.values()].find((source) => source.problem)?.problem ?? null;
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
  return problem('malformed', 'down', plainName(`several tasks begin with ${id}`), 'write more of the id');
}
