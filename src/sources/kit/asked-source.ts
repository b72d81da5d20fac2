import { type AskedProgram, type Asker, type CommandLine, createAsker } from '../../io/ask-program.ts';
import { createBackoff } from '../../io/backoff.ts';
import type { CommandName, CommandOffer } from '../../model/command.ts';
import { refused, refusedBecause } from '../../model/refused.ts';
import type { Task, TaskStatus } from '../../model/task.ts';
import { plainName, words } from '../../model/text.ts';
import { cancelAndRetryOffers } from './offers.ts';
import { createPolledSource, type Look, type PolledTasks } from './polled-source.ts';
import type { ProgramOptions } from './program-options.ts';
import type { CommandHandler, Source, SourceKind } from './source.ts';
import type { TaskDraft } from './task-draft.ts';

/** How soon a program that could not answer is asked again; ever later, up to a minute. */
const AFTER_FAILURE_MS = 5_000;
/** How soon, and how often, it is asked for the result of a command: most take a moment. */
const AFTER_COMMAND_MS = 3_000;
const LOOKS_AFTER_COMMAND = 2;

/**
 * Creates a source whose tasks are known to one of the user's programs, which is asked again and again: never while it still
 * answers, less often after a failure, and a few more times after a command.
 */
export function createAskedSource(
  options: ProgramOptions & {
    readonly kind: SourceKind;
    readonly location: string;
    readonly program: AskedProgram;
    /** Asks for all tasks. */
    readonly look: (asker: Asker, signal: AbortSignal) => Promise<Look>;
    /** How long to wait before asking again, ms, given the last answer. */
    readonly restMs: (tasks: readonly TaskDraft[]) => number;
    readonly watch?: (lookSoon: () => void) => { close(): void | Promise<void> };
    /** The command lines that end a task, and that start it again. */
    readonly commands?: {
      readonly cancel?: (task: Task) => CommandLine;
      readonly retry?: (task: Task) => CommandLine;
    };
    /** By default, `cancel` until a task has ended, and `retry` if it did not complete. */
    readonly offers?: (status: TaskStatus, draft: TaskDraft) => readonly CommandOffer[];
  },
): Source {
  const { clock, look, restMs, commands = {} } = options;
  const asker = createAsker(options.program, options);
  const backoff = createBackoff({ shortestMs: AFTER_FAILURE_MS });
  let restedMs = AFTER_FAILURE_MS;
  let looksLeft = 0;

  const asking =
    (tasks: PolledTasks, name: CommandName, lineOf: (task: Task) => CommandLine): CommandHandler =>
    async (nativeId, { signal }) => {
      const task = tasks.find(nativeId);
      if (!task) return refused('missing', words`${name}: there is no task ${plainName(nativeId)}`);
      const answer = await asker.text(lineOf(task), signal);
      if (answer.kind === 'failed') return refusedBecause(words`${name}`, answer.problem);
      looksLeft = LOOKS_AFTER_COMMAND;
      tasks.lookSoon();
      return { kind: 'sent' };
    };

  return createPolledSource({
    ...options,
    clock,
    async look(signal) {
      const seen = await look(asker, signal);
      if (seen.kind === 'read') backoff.reset();
      restedMs = seen.kind === 'read' ? restMs(seen.tasks) : backoff.next();
      return seen;
    },
    everyMs() {
      if (looksLeft === 0) return restedMs;
      looksLeft -= 1;
      return Math.min(AFTER_COMMAND_MS, restedMs);
    },
    offers: options.offers ?? ((status) => knownOffers(status, commands)),
    commands: (tasks) => ({
      ...(commands.cancel && { cancel: asking(tasks, 'cancel', commands.cancel) }),
      ...(commands.retry && { retry: asking(tasks, 'retry', commands.retry) }),
    }),
  });
}

function knownOffers(status: TaskStatus, commands: object): readonly CommandOffer[] {
  return cancelAndRetryOffers(status, null).filter(({ command }) => Object.hasOwn(commands, command));
}
