import type { CommandResult } from './command.ts';
import { type Problem, type ProblemKind, problem } from './problem.ts';
import { type Plain, type PlainText, words } from './text.ts';

/**
 * Returns the answer of a command handler that does not do what it was asked; `message` says why, `hint` what to do.
 */
export function refused<Message extends string, Hint extends string>(
  kind: ProblemKind,
  message: Plain<Message>,
  hint?: Plain<Hint>,
): CommandResult;
export function refused(kind: ProblemKind, message: PlainText, hint?: PlainText): CommandResult {
  return { kind: 'refused', problem: problem(kind, 'degraded', message, hint) };
}

/** Returns the same for `what` (a command), because of a problem that was met on the way. */
export function refusedBecause<What extends string>(
  what: Plain<What>,
  { kind, message, hint }: Problem,
): CommandResult {
  return refused(kind, words`${what}: ${message}`, hint);
}
