import { type Plain, type PlainText, plainName, words } from './text.ts';

/**
 * Something that a user can meet and mend. Exceptions are bugs; problems are values.
 *
 * `down` problems mean that the source cannot be read now; with a `degraded` one it is read, but not all of it.
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
  | 'unreadable' // it is there, but the system refuses
  | 'malformed' // it could be read, but not understood
  | 'too-large' // past one of the bounds that keep memory and time small
  | 'unknown-word' // a vocabulary we do not know; shown as queued
  | 'unreachable' // nobody answers on the network
  | 'refused' // somebody answers: no
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

/** Returns what was thrown, in words: anything can be thrown, also what has none. */
export function errorMessage(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'an error without a message';
  }
}

/** Returns the problem that an exception is: nothing that is outside throws one. */
export function bugProblem(error: unknown): Problem {
  return problem(
    'malformed',
    'down',
    words`taskglass failed here: ${plainName(errorMessage(error))}`,
    'please report this as a bug',
  );
}

/** Returns a problem on one line: what is wrong, and in brackets what to do about it. */
export function problemText({ message, hint }: Pick<Problem, 'message' | 'hint'>): PlainText {
  return hint ? words`${message} (${hint})` : message;
}
