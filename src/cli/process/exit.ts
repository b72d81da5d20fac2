import type { Io } from '../../io/io.ts';
import { say } from '../../io/print.ts';
import { type Problem, problemText } from '../../model/problem.ts';
import { withoutAddressSecrets } from '../../model/shown-url.ts';
import { type PlainText, words } from '../../model/text.ts';

/** The exit codes. They are part of the interface, so that scripts can rely on them. */
export const EXIT = {
  ok: 0,
  bug: 1,
  unanswered: 1,
  /** A check has found something wrong. */
  faulty: 1,
  usage: 2,
  noSource: 3,
  failed: 4,
  cancelled: 5,
  /** Only if the exit status was asked for. */
  notEnded: 6,
  /** Only if that was waited for. */
  needsInput: 7,
  timedOut: 124,
} as const;

const SIGNAL_EXITS: Record<string, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Returns the exit code for a process that was ended by a signal: 128 + its number. */
export function signalExit(signalName: unknown): number {
  return SIGNAL_EXITS[String(signalName)] ?? EXIT.bug;
}

/** Writes one line to stderr: what is wrong and where, then what to do. */
export function complain(io: Pick<Io, 'stderr'>, problem: Pick<Problem, 'message' | 'hint'>): void {
  say(io, withoutTypedSecrets(words`taskglass: ${problemText(problem)}`));
}

/** Hides a key or password that was typed in the wrong place, because stderr may be a log. */
function withoutTypedSecrets(line: PlainText): PlainText {
  return withoutAddressSecrets(line).replace(/\b(nsec1|ncryptsec1)[a-z0-9]+/giu, '$1…');
}

/** Complains, and returns the exit code: `return refuse(io, problem, EXIT.usage)`. */
export function refuse(
  io: Pick<Io, 'stderr'>,
  problem: Pick<Problem, 'message' | 'hint'>,
  code: number,
): number {
  complain(io, problem);
  return code;
}
