import { randomBytes } from 'node:crypto';
import { type Clock, endsWithin, sleep } from '../../clock.ts';
import { createBackoff } from '../../io/backoff.ts';
import { type PipedCommand, startPiped } from '../../io/piped-command.ts';
import { whoAsks } from '../../io/who-asks.ts';
import type { CommandResult } from '../../model/command.ts';
import { jsonObject } from '../../model/json.ts';
import { problem } from '../../model/problem.ts';
import { refused } from '../../model/refused.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';
import type { CommandFile } from '../../publish/dashboard-state/command-file.ts';
import { cancelAndRetryOffers } from '../kit/offers.ts';
import type { ProgramOptions } from '../kit/program-options.ts';
import type { TaskPublisher } from '../kit/publish-tasks.ts';
import { publishedEvents } from '../kit/published-events.ts';
import type { CommandHandler, Source } from '../kit/source.ts';
import { nameOfCommand } from './place.ts';
import { endProblem, startProblem } from './problems.ts';
import { readStateLines } from './state-lines.ts';

/** How long the first state may take before its absence is reported as a problem. */
const FIRST_STATE_MS = 10_000;
/** A command that ends sooner is restarted after an ever longer time. */
const STEADY_MS = 30_000;
/** How long after a command's end its output may still arrive. */
const DRAIN_MS = 1_000;
/** How much input a command may leave unread; no more than this is written. */
const LONGEST_UNREAD_BYTES = 64 * 1024;
const TAKEN_WITHIN_MS = 3_000;

/**
 * Shows the tasks of the states that a command prints, one per line, while it keeps running (`execd:CMD`). It is restarted when
 * it ends. Cancel and retry are lines on its standard input, in the form of a command file.
 */
export function createExecdSource(options: ProgramOptions & { readonly command: string }): Source {
  const name = nameOfCommand(options.command);
  let publisher: TaskPublisher | null = null;
  let running: PipedCommand | null = null;

  const events = publishedEvents(options.id, (tasks) => {
    publisher = tasks;
    const over = new AbortController();
    const ended = keepRunning(options, {
      name,
      tasks,
      signal: over.signal,
      onChange(child) {
        running = child;
      },
    });
    return {
      async close() {
        over.abort();
        await ended;
      },
    };
  });

  const handler =
    (command: CommandFile['command']): CommandHandler =>
    async (nativeId) => {
      const taskId = jsonObject(publisher?.find(nativeId)?.raw)?.taskId;
      if (taskId === undefined)
        return refused('not-allowed', words`${command}: ${name} has no task ${plainName(nativeId)}`);
      if (!running)
        return refused('no-answer', words`${command}: ${name} is not running`, 'it will be started again');
      return send(running, name, { command, taskId: String(taskId) }, options.clock);
    };

  return {
    id: options.id,
    kind: 'exec',
    location: `execd:${name}`,
    events,
    commands: { cancel: handler('cancel'), retry: handler('retry') },
  };
}

interface Keeping {
  readonly name: PlainText;
  readonly tasks: TaskPublisher;
  readonly signal: AbortSignal;
  /** The command has started, or has ended. */
  readonly onChange: (child: PipedCommand | null) => void;
}

/** Starts the command, and restarts it with back-off each time that it has ended, until `signal` aborts. */
async function keepRunning(
  options: ProgramOptions & { readonly command: string },
  keeping: Keeping,
): Promise<void> {
  const { clock, command, env, cwd } = options;
  const { name, tasks, signal, onChange } = keeping;
  const backoff = createBackoff();
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    const child = startPiped({ words: ['/bin/sh', '-c', command], env, cwd }, clock);
    if (child instanceof Error) tasks.fail(startProblem(child, name));
    else {
      onChange(child);
      await readUntilEnd(child, keeping, clock);
      onChange(null);
      const end = await child.ended;
      if (signal.aborted) return;
      tasks.fail(
        end.error ? startProblem(end.error, name) : endProblem(end, child.lastComplaint(), name, AGAIN),
      );
    }
    if (clock.monotonic() - startedAt >= STEADY_MS) backoff.reset();
    await sleep(clock, backoff.next(), signal);
  }
}

const AGAIN = words`it is started again`;

async function readUntilEnd(
  child: PipedCommand,
  { name, tasks, signal }: Keeping,
  clock: Clock,
): Promise<void> {
  const stop = () => void child.stop();
  signal.addEventListener('abort', stop, { once: true });
  const stopTimer = clock.after(FIRST_STATE_MS, () =>
    tasks.fail(
      problem(
        'no-answer',
        'down',
        words`${name} has printed no state so far`,
        'it must print one per line, and flush each',
      ),
    ),
  );
  const reading = readStateLines(child.stdout, {
    name,
    clock,
    signal,
    listener: {
      state(state) {
        stopTimer();
        tasks.publish(state.tasks, { ...state, offers: (status) => cancelAndRetryOffers(status, null) });
      },
      wrong(problem) {
        stopTimer();
        tasks.fail(problem);
      },
    },
  });
  await child.ended;
  await endsWithin(clock, DRAIN_MS, reading);
  child.stdout.destroy();
  await reading;
  stopTimer();
  signal.removeEventListener('abort', stop);
}

/** Writes a command to the input of a running program. Whether it was read cannot be known: its states show the result. */
async function send(
  { stdin }: PipedCommand,
  name: PlainText,
  asked: Pick<CommandFile, 'command' | 'taskId'>,
  clock: Clock,
): Promise<CommandResult> {
  const { command } = asked;
  const doesNotRead = () => refused('no-answer', words`${command}: ${name} does not read its standard input`);
  if (stdin.destroyed || stdin.writableEnded || stdin.writableLength > LONGEST_UNREAD_BYTES)
    return doesNotRead();
  const line: CommandFile = { id: randomBytes(8).toString('hex'), ...asked, at: clock.now(), by: whoAsks() };
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stopTimer = clock.after(TAKEN_WITHIN_MS, () => resolve(false));
  stdin.write(`${JSON.stringify(line)}\n`, (error) => resolve(!error));
  const isTaken = await promise;
  stopTimer();
  return isTaken ? { kind: 'sent' } : doesNotRead();
}
