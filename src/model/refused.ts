import type { CommandResult } from './command.ts';
import { type Problem, type ProblemKind, problem } from './problem.ts';

/** The answer of a command handler that does not do what it was asked; `message` says why, `hint` what to do. */
export function refused(kind: ProblemKind, message: string, hint?: string): CommandResult {
  return { kind: 'refused', problem: problem(kind, 'degraded', message, hint) };
}

/** The same for `what` (a command), because of a problem that was met on the way. */
export function refusedBecause(what: string, { kind, message, hint }: Problem): CommandResult {
  return refused(kind, `${what}: ${message}`, hint);
}
