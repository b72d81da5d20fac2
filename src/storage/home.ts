import { homedir, userInfo } from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the user's home: `HOME`, unless that is empty or relative (which would mean the current directory). */
export function homeOf({ HOME }: Environment): string {
  return HOME && path.isAbsolute(HOME) ? HOME : homeBySystem();
}

/** Resolves a path against `cwd`. Expands a leading `~`, because no shell does that after a colon or in a setting. */
export function placeFrom(place: string, env: Environment, cwd: string): string {
  return path.resolve(
    cwd,
    place.replace(/^~(?=$|\/)/u, () => homeOf(env)),
  );
}

/**
 * Returns the home that the system knows. If it does not know the user, as in a container with an arbitrary user id, returns
 * the root directory, as container runtimes do.
 */
export function homeBySystem(): string {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (path.isAbsolute(home)) return home;
    } catch {
      // Try the next way.
    }
  }
  return path.parse(process.cwd()).root;
}
