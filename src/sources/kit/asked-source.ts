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

/** How soon a program is asked again that could not answer: ever later, up to a minute. */
const AFTER_FAILURE_MS = 5_000;
/** How soon, and how often, it is asked what became of a command: most take a moment. */
const AFTER_COMMAND_MS = 3_000;
const LOOKS_AFTER_COMMAND = 2;

/**
 * Creates a source whose tasks one program of the user's tells, asked now and then: never while it still answers, less
 * often when it failed, and a few times more after a command.
 */
export function createAskedSource(
  options: ProgramOptions & {
    readonly kind: SourceKind;
    readonly location: string;
    readonly program: AskedProgram;
    /** Asks for all tasks. */
    readonly look: (asker: Asker, signal: AbortSignal) => Promise<Look>;
    /** How long to wait before the next question, ms, given what the last one has brought. */
    readonly restMs: (tasks: readonly TaskDraft[]) => number;
    readonly watch?: (lookSoon: () => void) => { close(): void | Promise<void> };
    /** What ends a task, and what does it again. */
    readonly commands?: {
      readonly cancel?: (task: Task) => CommandLine;
      readonly retry?: (task: Task) => CommandLine;
    };
    /** `cancel` until a task has ended and `retry` if it did not complete, if absent. */
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
