import { readlinkSync } from 'node:fs';

/** The directory in which this process was started. */
interface WorkingDirectory {
  /** Its last name, if it was removed. */
  readonly path: string;
  readonly isRemoved: boolean;
}

let own: WorkingDirectory | undefined;

/** Returns the directory in which this process was started, as it was at the first call. */
export function workingDirectory(): WorkingDirectory {
  own ??= read();
  return own;
}

/**
 * Returns the directory in which to start a child; undefined to inherit ours, which is the only way into a directory that
 * was removed.
 */
export function directoryForChild(path: string): string | undefined {
  const { path: ours, isRemoved } = workingDirectory();
  return isRemoved && path === ours ? undefined : path;
}

function read(): WorkingDirectory {
  try {
    return { path: process.cwd(), isRemoved: false };
  } catch {
    return { path: lastName(), isRemoved: true };
  }
}

function lastName(): string {
  try {
    return readlinkSync('/proc/self/cwd').replace(/ \(deleted\)$/u, '');
  } catch {
    return process.env.PWD?.startsWith('/') ? process.env.PWD : '/';
  }
}
