import type { Io } from '../../../io/io.ts';
import type { Plain, PlainText } from '../../../model/text.ts';
import type { CommandOptions } from '../../session/session.ts';

/** What a check may examine. */
export interface CheckContext {
  readonly io: Io;
  /** The command-line options that are settings. */
  readonly options: CommandOptions;
  /** Where Linux exposes its state: `/proc`. */
  readonly proc: string;
  /** Aborts when nobody waits for the check any more. */
  readonly signal: AbortSignal;
}

/** One thing that taskglass needs. A check only looks; it changes nothing. */
export interface Check {
  /** One word that names it, for people and for scripts. */
  readonly name: string;
  /** Resolves with what was found; with an empty list if the check does not apply to this machine. */
  look(context: CheckContext): Promise<readonly Finding[]>;
}

export type FindingStatus = 'ok' | 'warning' | 'problem';

/**
 * What a check has found. After a warning taskglass works, but not as well as it could; after a problem, one of its features
 * does not work.
 */
export interface Finding {
  readonly status: FindingStatus;
  /** How it is, on one line and without secrets. */
  readonly message: PlainText;
  /** What to do about it, on one line; null if nothing has to be done. */
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
