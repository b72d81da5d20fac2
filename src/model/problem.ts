import { type Plain, type PlainText, plainName, words } from './text.ts';

/**
 * Something that can go wrong for a user, who can do something about it. Problems are values; exceptions are bugs.
 *
 * A `down` problem means that the source cannot be read now; a `degraded` one, that it is read only in part.
 */
export interface Problem {
  readonly kind: ProblemKind;
  readonly severity: 'down' | 'degraded';
  /** What is wrong, and where. One line. */
  readonly message: PlainText;
  /** What to do about it. One line. */
  readonly hint?: PlainText;
}

export type ProblemKind =
  | 'missing' // nothing is there (yet)
  | 'unreadable' // it exists, but the system refuses to read it
  | 'malformed' // it was read, but not understood
  | 'too-large' // it exceeds one of the limits on memory and time
  | 'unknown-word' // a status word that we do not know; shown as queued
  | 'unreachable' // nothing answers on the network
  | 'refused' // the other side said no
  | 'not-allowed' // this cannot be done here, or not now
  | 'no-key' // a signing key is needed
  | 'no-answer'; // asked, but nothing was reported in time

export function problem<Message extends string, Hint extends string>(
  kind: ProblemKind,
  severity: Problem['severity'],
  message: Plain<Message>,
  hint?: Plain<Hint>,
): Problem;
export function problem(
  kind: ProblemKind,
  severity: Problem['severity'],
  message: PlainText,
  hint?: PlainText,
): Problem {
  return {
    kind,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Returns the message of whatever was thrown, which may be a value without one. */
export function errorMessage(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'an error without a message';
  }
}

/** Returns the problem to show for an exception, which is always a bug: what goes wrong outside is a `Problem`. */
export function bugProblem(error: unknown): Problem {
  return problem(
    'malformed',
    'down',
    words`taskglass failed here: ${plainName(errorMessage(error))}`,
    'please report this as a bug',
  );
}

/** Returns a problem on one line: what is wrong, and in parentheses what to do about it. */
export function problemText({ message, hint }: Pick<Problem, 'message' | 'hint'>): PlainText {
  return hint ? words`${message} (${hint})` : message;
}
