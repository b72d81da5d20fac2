import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Where the system looks if nothing is set. */
const WITHOUT_PATH = '/bin:/usr/bin';

/** Where a command is looked for. */
interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Returns the file that the system starts for a command; null if there is none. */
export function findExecutable(command: string, place: Place): string | null {
  return placesOf(command, place).find(isExecutable) ?? null;
}

/** Returns the files that the system tries for a command, in its order. */
export function placesOf(command: string, { env, cwd }: Place): string[] {
  const folders = command.includes('/') ? [cwd] : (env.PATH ?? WITHOUT_PATH).split(path.delimiter);
  return folders.map((folder) => path.resolve(cwd, folder, command));
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
