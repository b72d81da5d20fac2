import { homedir, userInfo } from 'node:os';
import path from 'node:path';

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

export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the platform's usual directories; all in one place if `TASKGLASS_HOME` names it. */
export function userDirectories(env: Environment): Directories {
  const own = env.TASKGLASS_HOME;
  const { config, data, state } = own ? { config: own, data: own, state: own } : usualDirectories(env);
  return { config, data, state, runs: path.join(state, 'runs') };
}

/** Returns the directories as `conf` and other programs have them. */
function usualDirectories(env: Environment): Omit<Directories, 'runs'> {
  const home = homeOfUser();
  if (process.platform === 'darwin') {
    const inLibrary = (folder: string) => path.join(home, 'Library', folder, NAME);
    return {
      config: inLibrary('Preferences'),
      data: inLibrary('Application Support'),
      state: inLibrary('Logs'),
    };
  }
  if (process.platform === 'win32') {
    const roaming = env.APPDATA || path.join(home, 'AppData', 'Roaming');
    const local = env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
    return {
      config: path.join(roaming, NAME, 'Config'),
      data: path.join(local, NAME, 'Data'),
      state: path.join(local, NAME, 'Log'),
    };
  }
  // The XDG base directory specification, which has relative paths ignored.
  const inXdg = (given: string | undefined, usual: string) =>
    path.join(given && path.isAbsolute(given) ? given : path.join(home, usual), NAME);
  return {
    config: inXdg(env.XDG_CONFIG_HOME, '.config'),
    data: inXdg(env.XDG_DATA_HOME, '.local/share'),
    state: inXdg(env.XDG_STATE_HOME, '.local/state'),
  };
}

const NAME = 'taskglass';

/**
 * Returns the user's home. An empty `HOME` does not count: it would mean the current directory. A user that the system
 * does not know, as in a container with any user id, has none: then it is the root, as container runtimes have it.
 */
function homeOfUser(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (path.isAbsolute(home)) return home;
    } catch {
      // That way knows of none.
    }
  }
  return path.parse(process.cwd()).root;
}
