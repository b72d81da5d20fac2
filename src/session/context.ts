import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { CommandResult } from '../model/command.ts';
import type { Problem } from '../model/problem.ts';
import type { PlainText } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';

/** The surroundings of a session: the process provides them to the command line, a program to the library. */
export interface SessionContext {
  readonly env: Environment;
  /** The directory that relative paths start from. */
  readonly cwd: string;
  readonly clock: Clock;
  /** Ends a search for sources early. */
  readonly signal: AbortSignal;
  /** What the source `-` reads. */
  readonly stdin: Readable;
  /** Receives what is wrong without keeping anything from being opened. */
  onProblem(problem: Problem): void;
  /** Starts an ended run of this user again; absent if nothing may be started. */
  readonly runAgain?: (statePath: string) => Promise<CommandResult>;
  /** Asks a person for a passphrase or a token; resolves with null if none is given. Null if nobody can be asked. */
  readonly askSecret: ((question: PlainText) => Promise<string | null>) | null;
}
