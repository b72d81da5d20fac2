import { closeSync, openSync } from 'node:fs';

const IN_MEMORY = ':memory:';

/** Runs `open`, which opens the database in `file`: where that makes files, only their owner may read them. */
export function openForOwner<T>(file: string, open: () => T): T {
  const mask = maskForOwner();
  if (mask === null) {
    // What SQLite puts beside a database is as readable as that is.
    if (file !== IN_MEMORY) makeForOwner(file);
    return open();
  }
  try {
    return open();
  } finally {
    process.umask(mask);
  }
}

/**
 * Makes an empty file that only its owner may read, which to SQLite is as good as none. Leaves one alone that is there:
 * to open and close it would take the locks away that this process has on it. What else goes wrong SQLite will say.
 */
export function makeForOwner(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch {}
}

/** Sets the process's mask and returns the one before; null in a worker thread, which may not. */
function maskForOwner(): number | null {
  try {
    return process.umask(0o077);
  } catch {
    return null;
  }
}
