import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a directory and those that lead to it, as `mkdir -p` does; throws the system's error. Node's own `recursive` never
 * returns, and hears no signal, where the system answers ENOENT beneath a directory that is there, as in `/proc`.
 */
export function makeDirectoryNow(directory: string, mode: number): void {
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    const parent = path.dirname(directory);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === directory || isDirectory(parent)) {
      if (isDirectory(directory)) return;
      throw error;
    }
    makeDirectoryNow(parent, mode);
    mkdirOnce(directory, mode);
  }
}

/** Does the same; rejects with the system's error. */
export async function makeDirectory(directory: string, mode: number): Promise<void> {
  makeDirectoryNow(directory, mode);
}

/** Another process may make it at the same moment. */
function mkdirOnce(directory: string, mode: number): void {
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    if (!isDirectory(directory)) throw error;
  }
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
