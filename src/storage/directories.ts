import path from 'node:path';
import { type Environment, homeBySystem } from './home.ts';

/** The directories in which taskglass keeps a user's files. */
export interface Directories {
  readonly config: string;
  /** Keys and histories. */
  readonly data: string;
  /** Files that may be lost, such as dismissals. */
  readonly state: string;
  /** The state files of this user's own runs. */
  readonly runs: string;
}

/** Returns the platform's usual directories, or, if `TASKGLASS_HOME` is set, that one for everything. */
export function userDirectories(env: Environment): Directories {
  const own = env.TASKGLASS_HOME;
  const { config, data, state } = own ? { config: own, data: own, state: own } : usualDirectories(env);
  return { config, data, state, runs: path.join(state, 'runs') };
}

/** Returns the directories that `conf` and other programs use. */
function usualDirectories(env: Environment): Omit<Directories, 'runs'> {
  const home = homeBySystem();
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
  // The XDG base directory specification, by which relative paths are ignored.
  const inXdg = (given: string | undefined, usual: string) =>
    path.join(given && path.isAbsolute(given) ? given : path.join(home, usual), NAME);
  return {
    config: inXdg(env.XDG_CONFIG_HOME, '.config'),
    data: inXdg(env.XDG_DATA_HOME, '.local/share'),
    state: inXdg(env.XDG_STATE_HOME, '.local/state'),
  };
}

const NAME = 'taskglass';
