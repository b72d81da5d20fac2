import type { Io } from '../../../io/io.ts';
import type { LedgerErrorCode } from '../../../ledger/ledger-error.ts';
import type { TaskTrackingService } from '../../../ledger/service.ts';
import type { PlainText } from '../../../model/text.ts';
import type { Line } from '../../../present/line.ts';
import type { CliCommand, CliOption } from '../../command.ts';

/** One verb of `taskglass ledger`: a command that receives the open ledger. Every verb has `--db` and `--json`. */
export interface Verb extends Omit<CliCommand, 'run'> {
  /** Whether it creates the file that `--db` names if there is none. */
  readonly mayCreate?: boolean;
  /** What to do about a refusal of the ledger, if the verb has an option for that. */
  readonly hints?: Readonly<Partial<Record<LedgerErrorCode, PlainText>>>;
  /** Resolves with the exit code. May throw a `LedgerError` or `Refusal`. */
  readonly run: (call: VerbCall) => Promise<number>;
}

/** For the verbs that run a task's commands. */
export const ALLOW_COMMANDS: CliOption = {
  flags: '--allow-commands',
  about: 'run its commands even if another user owns the ledger',
};

/** One use of a verb. */
export interface VerbCall {
  /** The positional arguments, in the order of the form. */
  readonly args: readonly string[];
  /** As given on the command line, by name; checked if the option has a parser. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly db: string | undefined;
  readonly isJson: boolean;
  readonly io: Io;
  /** Returns the ledger, which is opened at the first call and closed after the verb. */
  readonly openLedger: () => Promise<TaskTrackingService>;
  /** Prints `document` with `--json`, otherwise the lines for people. */
  readonly print: (document: unknown, lines: (page: Page) => readonly Line[]) => void;
}

/** What lines for people are fitted to. */
export interface Page {
  /** In columns. */
  readonly width: number;
  readonly ascii: boolean;
  /** Epoch ms. */
  readonly nowMs: number;
}
