import type { Clock } from '../clock.ts';
import type { CommandName } from '../model/command.ts';
import { type Problem, problem } from '../model/problem.ts';
import { reasonOf, type Task } from '../model/task.ts';
import { words } from '../model/text.ts';
import { findEntry, type State } from './state.ts';

/**
 * How long a command may stay unanswered before the view says so; twice as long if the source has reported another change
 * by then, such as that the task is being stopped.
 */
const ANSWER_TIMEOUT_MS = 10_000;
export const LATEST_ANSWER_MS = 2 * ANSWER_TIMEOUT_MS;

/** Calls `onSilence` once if a command that was sent at `askedAt` is not answered in time, unless `signal` aborts. */
export function watchAnswer(options: {
  /** The task as it was when it was asked. */
  readonly before: Task;
  readonly askedAt: number;
  readonly clock: Clock;
  readonly getState: () => State;
  readonly onSilence: (silence: Problem) => void;
  readonly signal: AbortSignal;
}): void {
  const { before, askedAt, clock, signal } = options;

  function wait(ms: number, waited: number): void {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', cancel);
      const { task, pending } = findEntry(options.getState(), before.id) ?? {};
      if (!task || pending?.askedAt !== askedAt) return;
      const total = waited + ms;
      if (total < LATEST_ANSWER_MS && isAnotherState(task, before)) wait(LATEST_ANSWER_MS - total, total);
      else options.onSilence(silence(pending.command, total));
    });
    signal.addEventListener('abort', cancel, { once: true });
  }

  wait(ANSWER_TIMEOUT_MS, 0);
}

function isAnotherState({ state }: Task, before: Task): boolean {
  return state.status !== before.state.status || reasonOf(state) !== reasonOf(before.state);
}

function silence(command: CommandName, afterMs: number): Problem {
  const seconds = afterMs / 1000;
  return problem(
    'no-answer',
    'degraded',
    words`${command}: no answer after ${seconds} s`,
    'is the worker still running?',
  );
}
