import type { Io } from '../../../io/io.ts';
import type { Plain, PlainText } from '../../../model/text.ts';
import type { CommandOptions } from '../../session/session.ts';

/** What a check looks at. */
export interface CheckContext {
  readonly io: Io;
  /** The options of the command line that are settings. */
  readonly options: CommandOptions;
  /** Where Linux tells of itself: `/proc`. */
  readonly proc: string;
  /** Aborts when nobody waits for the check any more. */
  readonly signal: AbortSignal;
}

/** One thing that is to be as taskglass needs it: looked at, and never changed. */
export interface Check {
  /** Names it in one word, for people and for scripts. */
  readonly name: string;
  /** Resolves with what was found; with nothing, if it is not about this machine. */
  look(context: CheckContext): Promise<readonly Finding[]>;
}

export type FindingStatus = 'ok' | 'warning' | 'problem';

/**
 * What a check has found. With a warning taskglass works, but not as well as it could; with a problem something that it is
 * there for does not work.
 */
export interface Finding {
  readonly status: FindingStatus;
  /** How it is. One line, and no secret. */
  readonly message: PlainText;
  /** What to do about it. One line; null if it is well. */
  readonly hint: PlainText | null;
}

export function ok<T extends string>(message: Plain<T>): Finding;
export function ok(message: PlainText): Finding {
  return { status: 'ok', message, hint: null };
}

export function warning<T extends string, H extends string>(message: Plain<T>, hint: Plain<H>): Finding;
export function warning(message: PlainText, hint: PlainText): Finding {
  return { status: 'warning', message, hint };
}

export function trouble<T extends string, H extends string>(message: Plain<T>, hint: Plain<H>): Finding;
export function trouble(message: PlainText, hint: PlainText): Finding {
  return { status: 'problem', message, hint };
}
