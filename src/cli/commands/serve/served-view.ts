import type { Io } from '../../../io/io.ts';
import { say } from '../../../io/print.ts';
import { plainName, words } from '../../../model/text.ts';
import type { ServedView } from '../../../serve/task-doors.ts';
import type { Session } from '../../session/session.ts';

export interface ServeOptions {
  readonly port?: string;
  /** Whether reading needs no token. */
  readonly open?: boolean;
  /** Whether to use only standard input and output. */
  readonly stdio?: boolean;
}

/** Returns what is served of a session, and how. */
export function servedView({ monitor, settings, isListed }: Session, io: Io): ServedView {
  return {
    monitor,
    clock: io.clock,
    readOnly: settings.readOnly,
    isListed,
    sort: settings.sort,
    stallAfterMs: settings.stallAfter * 1000,
    onCommand: ({ command, task, by }) =>
      say(
        io,
        words`taskglass: serve: ${plainName(command)}: ${task} (asked by ${by || 'an unnamed client'})`,
      ),
  };
}

/** Hides the token in our environment, which belongs to this server, from the servers that we attach to. */
export function withoutToken(io: Io): Io {
  const { TASKGLASS_TOKEN: _, TASKGLASS_TOKEN_FILE: __, ...env } = io.env;
  return { ...io, env };
}
