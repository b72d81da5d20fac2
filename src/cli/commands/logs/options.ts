import type { CommandOptions } from '../../session/session.ts';

/** The options of `taskglass logs`. */
export interface LogsOptions extends CommandOptions {
  readonly follow?: boolean;
  readonly grep?: string;
  readonly since?: string;
  readonly tail?: string;
  readonly times?: boolean;
  readonly stderr?: boolean;
  readonly raw?: boolean;
  readonly force?: boolean;
}
