import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Creates a directory and its parents, as `mkdir -p` does; throws the system's error. Node's own `recursive` hangs, deaf to
 * signals, if the system answers ENOENT below a directory that exists, as in `/proc`.
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

/** Does the same, but rejects instead of throwing. */
export async function makeDirectory(directory: string, mode: number): Promise<void> {
  makeDirectoryNow(directory, mode);
}

/** Creates a directory. Another process may create it at the same moment. */
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
