import { randomBytes } from 'node:crypto';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, untilAborted } from '../../clock.ts';
import { replaceFile } from '../../io/atomic-file.ts';
import { parseJson } from '../../io/json-text.ts';
import { watchFile } from '../../io/watch-file.ts';
import { whoAsks } from '../../io/who-asks.ts';
import { exists } from '../../io/writable.ts';
import { ANSWER_LIMIT_BYTES } from '../../model/answer.ts';
import type { CommandResult, CommandStage } from '../../model/command.ts';
import { jsonObject } from '../../model/json.ts';
import { readMoment } from '../../model/moment.ts';
import { refused } from '../../model/refused.ts';
import { type PlainText, plainName, plainNameOrNull, words } from '../../model/text.ts';
import { makeDirectory } from '../../storage/make-directory.ts';
import { distrustOf, findTrusted } from './command-trust.ts';

/** The content of a command file. `at` is epoch ms, `by` who asked. */
export interface CommandFile {
  readonly id: string;
  readonly command: 'cancel' | 'retry' | 'answer';
  readonly taskId: string;
  /** The answer to the task's question, for `answer`. */
  readonly argument?: string;
  readonly at: number;
  readonly by: string;
}

/** How long a command file may stay before we know that nobody is listening. */
export const LISTENER_TIMEOUT_MS = 3_000;

/** Returns the directory beside a state file in which its emitter looks for commands. */
export function commandsDirectoryOf(statePath: string): string {
  return `${statePath}.commands`;
}

/**
 * Puts a command where the emitter of `statePath` looks, and waits until the emitter has taken it (deleted the file); after 3
 * s, or when aborted, it is withdrawn.
 */
export async function sendCommandFile(options: {
  readonly statePath: string;
  readonly command: CommandFile['command'];
  readonly taskId: string;
  readonly argument?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with the stages of the command. */
  readonly report?: (stage: CommandStage) => void;
}): Promise<CommandResult> {
  const { report = () => {} } = options;
  const { command, taskId, argument, clock, signal } = options;
  const id = randomBytes(8).toString('hex');
  const directory = commandsDirectoryOf(options.statePath);
  const path = join(directory, `${clock.now()}-${id}.json`);
  const told = argument === undefined ? {} : { argument };
  const content: CommandFile = { id, command, taskId, ...told, at: clock.now(), by: whoAsks() };
  const isTrusted = await findTrusted(options.statePath);
  try {
    await makeDirectory(directory, 0o755);
    const distrust = await distrustOf(directory, isTrusted);
    if (distrust !== null)
      return refused('not-allowed', words`${command}: ${plainName(directory)} ${distrust}`, 'remove it');
    await replaceFile(path, `${JSON.stringify(content)}\n`, { synchronised: 'whenever' });
  } catch (error) {
    return refused(
      'not-allowed',
      words`${command}: the command file cannot be written: ${plainName(String(error))}`,
    );
  }

  report({ stage: 'delivered' });
  await untilGone(path, clock, signal);
  const wasTaken = !(await takeBack(path));
  if (wasTaken) {
    report({ stage: 'taken' });
    return { kind: 'sent' };
  }
  if (signal.aborted) return refused('no-answer', words`${command}: given up before the emitter took it`);
  if (command === 'answer')
    return refused(
      'no-answer',
      'answer: nobody has taken it',
      'the question is no longer open, somebody else has answered it, or nobody listens for answers there',
    );
  return refused(
    'no-answer',
    words`${command}: nobody is listening for commands of ${plainName(options.statePath)}`,
    await hintFor(options.statePath),
  );
}

async function hintFor(statePath: string): Promise<PlainText> {
  const us = process.geteuid?.();
  const owner = (await stat(statePath).catch(() => null))?.uid;
  return us === undefined || us === 0 || us === owner || owner === undefined
    ? words`is its emitter still running, and does it take commands?`
    : words`it takes them from the user it runs as, root, and the owner of that file`;
}

/** Resolves when the file is gone, the time is up, or the signal aborts. */
async function untilGone(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = watchFile(path, async () => {
    if (!(await exists(path))) resolve();
  });
  const cancelTimer = clock.after(LISTENER_TIMEOUT_MS, resolve);
  await Promise.race([promise, untilAborted(signal)]);
  cancelTimer();
  await watch.close();
}

/** Deletes the file. Returns whether it was still there: either we or the emitter delete it, never both. */
async function takeBack(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}

/**
 * Reads the text of a command file written at `writtenAt` (epoch ms), which counts if it has no `at`; null if it is not one.
 */
export function decodeCommandFile(text: string, writtenAt: number): CommandFile | null {
  const parsed = parseJson(text);
  const raw = 'value' in parsed ? jsonObject(parsed.value) : null;
  // Another program may write the id as a number, as it is in its state.
  const taskId = typeof raw?.taskId === 'number' ? String(raw.taskId) : raw?.taskId;
  if (!raw || typeof taskId !== 'string') return null;
  const argument = typeof raw.argument === 'string' ? raw.argument.slice(0, ANSWER_LIMIT_BYTES) : undefined;
  if (raw.command !== 'cancel' && raw.command !== 'retry' && raw.command !== 'answer') return null;
  if (raw.command === 'answer' && argument === undefined) return null;
  return {
    id: typeof raw.id === 'string' ? raw.id : '',
    command: raw.command,
    taskId,
    ...(argument !== undefined && { argument }),
    at: readMoment(raw.at) ?? writtenAt,
    by: plainNameOrNull(raw.by) ?? '',
  };
}
