import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import { COMMAND_NAMES, type CommandName } from '../../../model/command.ts';
import { problem } from '../../../model/problem.ts';
import { plainName, words } from '../../../model/text.ts';
import { waitUntil } from '../../../session/settled.ts';
import { findEntry, type TaskEntry } from '../../../store/state.ts';
import { LATEST_ANSWER_MS } from '../../../store/watch-answer.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { findTask } from '../../session/find-task.ts';
import { type CommandOptions, type Session, withSession } from '../../session/session.ts';

/**
 * Cancels or retries a task, or answers its question, as the keys do. `rest` are the sources, for an answer preceded by its
 * text. Resolves with the exit code.
 */
export async function runSend(
  command: string,
  id: string,
  rest: readonly string[],
  options: CommandOptions,
  io: Io,
): Promise<number> {
  if (!isSendable(command)) return refuse(io, unknownCommand(command), EXIT.usage);
  const [text, ...others] = command === 'answer' ? rest : [undefined, ...rest];
  if (command === 'answer' && text === undefined) return refuse(io, NO_TEXT, EXIT.usage);
  const sourceTexts = others.filter((source) => source !== undefined);
  return withSession(sourceTexts, options, io, async (session) => {
    if (session.settings.readOnly) return refuse(io, READ_ONLY, EXIT.usage);
    const found = await findTask(session, id, io);
    return found.kind === 'found'
      ? sendAndWait(session, found.entry, { command, text }, io)
      : refuse(io, found.problem, found.code);
  });
}

/** Sends the command, and waits until the source reports the change, refuses, or stays silent too long. */
async function sendAndWait(
  { monitor }: Session,
  { task }: TaskEntry,
  { command, text }: { readonly command: CommandName; readonly text: string | undefined },
  io: Io,
): Promise<number> {
  const result = await monitor.send(task.id, command, text);
  if (result.kind === 'refused') return refuse(io, result.problem, EXIT.unanswered);
  await waitUntil(monitor, (state) => !findEntry(state, task.id)?.pending, {
    clock: io.clock,
    waitMs: 2 * LATEST_ANSWER_MS, // so that the monitor's own timeout comes first
    signal: io.signal,
  });
  const after = findEntry(monitor.getState(), task.id);
  if (after?.refused) return refuse(io, after.refused.problem, EXIT.unanswered);
  if (!after) return refuse(io, vanished(task.name), EXIT.unanswered);
  const { retriedAs: successor } = after.task;
  const outcome = successor
    ? words`asked for again as ${plainName(successor)}`
    : command === 'answer' && after.task.state.status === 'needs-input'
      ? words`answered, but has not continued yet`
      : words`now ${after.task.state.status}`;
  say(io, words`taskglass: ${command}: ${task.name} is ${outcome}`);
  return EXIT.ok;
}

function isSendable(command: string): command is CommandName {
  return command !== 'setStatus' && COMMAND_NAMES.includes(command as CommandName);
}

const READ_ONLY = problem(
  'not-allowed',
  'down',
  'send: commands are switched off (readOnly in the settings)',
);

const NO_TEXT = problem(
  'malformed',
  'down',
  'send: the answer is missing',
  'for example: taskglass send answer T3 "Use the blue one"',
);

function vanished(name: string) {
  return problem('missing', 'down', plainName(`${name} is gone`), 'its source no longer lists it');
}

function unknownCommand(command: string) {
  return problem(
    'malformed',
    'down',
    plainName(`send: ${command} is not a command`),
    'cancel, retry or answer',
  );
}
