import { type Problem, problem } from './problem.ts';
import { type PlainText, words } from './text.ts';

/**
 * Where a line comes from: one of a command's outputs, its terminal (which carries both), a program's own `log`, or
 * taskglass itself, which notes what is missing.
 */
export const LOG_STREAMS = ['stdout', 'stderr', 'terminal', 'log', 'note'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** One line that a task printed. */
export interface LogLine {
  /** When the line was complete, epoch ms. */
  readonly at: number;
  readonly stream: LogStream;
  /** As it was printed, unsanitised: `plainLine` or `shownLine` must be applied before it reaches a terminal. */
  readonly text: string;
}

/** Which lines of a log are asked for. */
export interface LogRequest {
  /** Stops the reading at once. */
  readonly signal: AbortSignal;
  /** Only lines from this moment on, epoch ms. */
  readonly sinceMs?: number;
  /** Only this many of the last lines that exist already. */
  readonly tail?: number;
  /** If given, later lines are read as well, until this aborts; what exists by then is still read to its end. */
  readonly follow?: AbortSignal;
}

/** A `LogRequest` to a monitor, which knows when the task ends: with `follow`, it follows the log until then. */
export interface TaskLogRequest extends Omit<LogRequest, 'follow'> {
  readonly follow?: boolean;
}

/** A log, in batches of lines in the order of the output; or the reason why there is none. */
export type OpenedLog =
  | { readonly kind: 'opened'; readonly lines: AsyncIterable<readonly LogLine[]> }
  | { readonly kind: 'none'; readonly problem: Problem };

/** Returns the result for a task that has no log, with the reason: `kept no output: …`. */
export function noLog(why: PlainText, hint?: PlainText): OpenedLog {
  const told = words`kept no output: ${why}`;
  return {
    kind: 'none',
    problem: hint ? problem('missing', 'down', told, hint) : problem('missing', 'down', told),
  };
}
