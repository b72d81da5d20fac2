import { type Problem, problem } from './problem.ts';
import { type PlainText, words } from './text.ts';

/**
 * Where a line comes from: one of a command's outputs, its terminal (where both are one), a program's own `log`, or
 * taskglass itself, which notes what is missing.
 */
export const LOG_STREAMS = ['stdout', 'stderr', 'terminal', 'log', 'note'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

/** One line that a task has printed. */
export interface LogLine {
  /** When it was whole, epoch ms. */
  readonly at: number;
  readonly stream: LogStream;
  /** As it was printed: anything may be in it. Passes `plainLine` or `shownLine` before it reaches a terminal. */
  readonly text: string;
}

/** Which lines of a log are asked for. */
export interface LogRequest {
  /** Ends the reading at once. */
  readonly signal: AbortSignal;
  /** Only lines from this moment on, epoch ms. */
  readonly sinceMs?: number;
  /** Of the lines that are there, only so many of the last. */
  readonly tail?: number;
  /** Goes on with what comes later. When this aborts, what is there is read to its end. */
  readonly follow?: AbortSignal;
}

/** The same, asked of a monitor, which knows when the task has ended: until then, a log is followed. */
export interface TaskLogRequest extends Omit<LogRequest, 'follow'> {
  readonly follow?: boolean;
}

/** A log that was found, in batches of lines, in the order of the output; or why there is none. */
export type OpenedLog =
  | { readonly kind: 'opened'; readonly lines: AsyncIterable<readonly LogLine[]> }
  | { readonly kind: 'none'; readonly problem: Problem };

/** The answer if there is no log, with why: `kept no output: …`. */
export function noLog(why: PlainText, hint?: PlainText): OpenedLog {
  const told = words`kept no output: ${why}`;
  return {
    kind: 'none',
    problem: hint ? problem('missing', 'down', told, hint) : problem('missing', 'down', told),
  };
}
