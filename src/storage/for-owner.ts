import { closeSync, openSync } from 'node:fs';

const IN_MEMORY = ':memory:';

/** Runs `open`, which opens the database in `file`, so that only the owner can read the files that it creates. */
export function openForOwner<T>(file: string, open: () => T): T {
  const mask = maskForOwner();
  if (mask === null) {
    // SQLite gives the files beside a database the same mode as the database.
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
 * Creates an empty file that only its owner can read; SQLite treats it as a new database. Does not open an existing file,
 * because closing it again would release this process's locks on it. SQLite will report any other error.
 */
export function makeForOwner(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch {}
}

/** Sets the process's umask and returns the previous one; null in a worker thread, which cannot set it. */
function maskForOwner(): number | null {
  try {
    return process.umask(0o077);
  } catch {
    return null;
  }
}
