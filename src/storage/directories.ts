import path from 'node:path';
import envPaths from 'env-paths';

/** Where taskglass keeps things of a user. */
export interface Directories {
  readonly config: string;
  /** Keys and histories. */
  readonly data: string;
  /** What may be lost: dismissals. */
  readonly state: string;
  /** The state files of this user's own runs. */
  readonly runs: string;
}

/** The platform's usual directories; all in one where `TASKGLASS_HOME` names it. */
export function userDirectories(env: Readonly<Record<string, string | undefined>>): Directories {
  const own = env.TASKGLASS_HOME;
  const usual = envPaths('taskglass', { suffix: '' });
  const { config, data, log: state } = own ? { config: own, data: own, log: own } : usual;
  return { config, data, state, runs: path.join(state, 'runs') };
}
