import type { CommandResult } from './command.ts';
import { type Problem, type ProblemKind, problem } from './problem.ts';
import { type Plain, type PlainText, words } from './text.ts';

/**
 * Returns the result of a command that a source does not carry out; `message` says why, `hint` what to do.
 */
export function refused<Message extends string, Hint extends string>(
  kind: ProblemKind,
  message: Plain<Message>,
  hint?: Plain<Hint>,
): CommandResult;
export function refused(kind: ProblemKind, message: PlainText, hint?: PlainText): CommandResult {
  return { kind: 'refused', problem: problem(kind, 'degraded', message, hint) };
}

/** Returns the result of the command `what`, which failed because of a problem. */
export function refusedBecause<What extends string>(
  what: Plain<What>,
  { kind, message, hint }: Problem,
): CommandResult {
  return refused(kind, words`${what}: ${message}`, hint);
}
