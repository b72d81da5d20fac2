import type { Clock } from '../clock.ts';
import type { Environment } from '../storage/home.ts';

/** The process as a command sees it: an argument, so that tests can run commands. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborts at SIGINT, SIGTERM or SIGHUP; its reason is the signal's name. */
  readonly signal: AbortSignal;
}
