import { COMMAND_NAMES, type CommandName } from '../../model/command.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import { ANSWER_TIMEOUT_MS } from '../../monitor.ts';
import { allEntries, findEntry, type State, type TaskEntry } from '../../store/state.ts';
import { EXIT, refuse } from '../exit.ts';
import type { Io } from '../io.ts';
import { type CommandOptions, openSession, type Session } from '../session.ts';
import { everySourceIsLive, noSourceWasRead, waitUntil } from '../settled.ts';

/** `taskglass send cancel|retry ID`: what the keys do, for scripts. */
export async function runSend(
  command: string,
  id: string,
  sourceTexts: readonly string[],
  options: CommandOptions,
  io: Io,
): Promise<number> {
  if (!isSendable(command)) return refuse(io, unknownCommand(command), EXIT.usage);
  const opened = await openSession(sourceTexts, options, io);
  if (opened.kind === 'refused') return refuse(io, opened.problem, EXIT.usage);
  const { session } = opened;
  try {
    const found = await findTask(session, id, io);
    return found.kind === 'found'
      ? await sendAndWait(session, found.entry, command, io)
      : refuse(io, found.problem, found.code);
  } finally {
    await session.monitor.close();
  }
}

/** Sends, and waits until the source reports, refuses, or stays silent too long. */
async function sendAndWait(
  { monitor }: Session,
  { task }: TaskEntry,
  command: CommandName,
  io: Io,
): Promise<number> {
  const result = await monitor.send(task.id, command);
  if (result.kind === 'refused') return refuse(io, result.problem, EXIT.unanswered);
  await waitUntil(monitor, (state) => !findEntry(state, task.id)?.pending, {
    clock: io.clock,
    waitMs: ANSWER_TIMEOUT_MS * 2,
    signal: io.signal,
  });
  const refusal = findEntry(monitor.getState(), task.id)?.refused;
  if (refusal) return refuse(io, refusal.problem, EXIT.unanswered);
  const status = findEntry(monitor.getState(), task.id)?.task.state.status ?? 'gone';
  io.stderr.write(`taskglass: ${command}: ${task.name} is now ${status}\n`);
  return EXIT.ok;
}

type Found =
  | { readonly kind: 'found'; readonly entry: TaskEntry }
  | { readonly kind: 'none'; readonly problem: Problem; readonly code: number };

/** Waits for the task to turn up: by its id, its source's own id, or the unambiguous beginning of either. */
async function findTask({ monitor, settings }: Session, id: string, io: Io): Promise<Found> {
  await waitUntil(monitor, (state) => exactMatch(state, id) !== undefined || everySourceIsLive(state), {
    clock: io.clock,
    waitMs: settings.wait * 1000,
    signal: io.signal,
  });
  const state = monitor.getState();
  const exact = exactMatch(state, id);
  if (exact) return { kind: 'found', entry: exact };
  const [first, second] = allEntries(state).filter(
    ({ task }) => task.id.startsWith(id) || task.nativeId.startsWith(id),
  );
  if (first && !second) return { kind: 'found', entry: first };
  if (second) return { kind: 'none', problem: ambiguous(id), code: EXIT.usage };
  return noSourceWasRead(state)
    ? { kind: 'none', problem: firstProblem(state) ?? unknownTask(id), code: EXIT.noSource }
    : { kind: 'none', problem: unknownTask(id), code: EXIT.usage };
}

function exactMatch(state: State, id: string): TaskEntry | undefined {
  return allEntries(state).find(({ task }) => task.id === id || task.nativeId === id);
}

function isSendable(command: string): command is CommandName {
  return command !== 'setStatus' && COMMAND_NAMES.includes(command as CommandName);
}

function firstProblem(state: State): Problem | null {
  return [...state.sources.values()].find((source) => source.problem)?.problem ?? null;
}

function unknownCommand(command: string): Problem {
  return problem('malformed', 'down', plainName(`send: ${command} is no command`), 'cancel or retry');
}

function unknownTask(id: string): Problem {
  return problem(
    'missing',
    'down',
    plainName(`no task ${id}`),
    'taskglass --once lists the tasks, --json their ids',
  );
}

function ambiguous(id: string): Problem {
  return problem('malformed', 'down', plainName(`several tasks begin with ${id}`), 'write more of the id');
}
