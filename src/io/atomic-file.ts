import {
  closeSync,
  fchmodSync,
  fchownSync,
  openSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { closing } from '../storage/closing.ts';
import { renameOver, renameOverNow, type StillRight } from '../storage/rename-over.ts';
import { type FileLockOptions, type TakeTurns, withFileLock } from './file-lock.ts';
import { clearLeftBehind, temporaryBeside } from './temporary-file.ts';
import { findWriteTarget, findWriteTargetNow, WriteRefused } from './write-target.ts';

/** Thrown by `rewriteFile` if others kept changing the file. */
export class FileKeepsChanging extends Error {}

/** A try fails if somebody writes during it: on a busy machine, beside a frequent writer, most do. */
const REWRITE_TRIES = 200;
/** Synchronising takes most of the time of a try. After this many tries, it is done right after the rename instead. */
const PATIENT_TRIES = 5;

/** Only the owner may write to a new file, whatever the umask allows. */
const NEW_FILE_MODE = 0o644;
/** Until it has the rights of the file that it replaces, nobody else may open it, not even for reading. */
const UNFINISHED_MODE = 0o600;

/**
 * When the new content reaches the disk: before it replaces the old one (a power cut leaves one of the two), right after that
 * (others have less time to write in between), or whenever the system likes (it survives only a crash of this program).
 */
type Synchronised = 'before' | 'after' | 'whenever';

/**
 * Replaces a file's content so that readers see the old file or the new one, never a part, even after a crash: it is written
 * beside the file, synchronised and renamed. A link stays a link, and a stranger's is not followed (`findWriteTarget`); mode and
 * owner do not change (a new file gets `mode`, or 0644 less the umask). Resolves to false if `isStillRight` cancelled it.
 * Rejects with the system's error or a `WriteRefused`, and leaves the file unchanged.
 *
 * Does not use `atomically` 2, which renames even after a short write (a full disk truncates the file), retries for seconds if
 * the directory is not writable, and has no equivalent of `isStillRight`.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: {
    readonly mode?: number;
    /** 'before' by default. */
    readonly synchronised?: Synchronised;
    /** Called last, right before the rename; false cancels it. */
    readonly isStillRight?: StillRight;
  } = {},
): Promise<boolean> {
  const { target, before } = await findWriteTarget(path);
  const temporary = temporaryBeside(target);
  const { mode = NEW_FILE_MODE, synchronised = 'before', isStillRight } = options;
  underWay.add(temporary);
  try {
    await using handle = closing(await open(temporary, 'wx', before ? UNFINISHED_MODE : mode));
    // Continues after a short write, and fails on a full disk.
    await handle.writeFile(content);
    if (synchronised === 'before') await handle.sync();
    if (before) await keepOwnership(handle, before);
    await checkPlace(handle, temporary);
    if (!(await renameOver(temporary, target, isStillRight))) return false;
    if (synchronised === 'after') await handle.sync();
    return true;
  } finally {
    await rm(temporary, { force: true });
    underWay.delete(temporary);
    await clearLeftBehind(dirname(target));
  }
}

/** Temporary files that exist now, and that `process.exit` would leave behind. */
const underWay = new Set<string>();
process.on('exit', () => {
  for (const temporary of underWay) attempt(() => rmSync(temporary, { force: true }));
});

/**
 * Does what `replaceFile` does, but synchronously, for the last moment of a process, and without synchronising the disk.
 */
export function replaceFileNow(path: string, content: string): void {
  const { target, before } = findWriteTargetNow(path);
  const temporary = temporaryBeside(target);
  try {
    const descriptor = openSync(temporary, 'wx', before ? UNFINISHED_MODE : NEW_FILE_MODE);
    try {
      writeFileSync(descriptor, content);
      if (before) {
        attempt(() => fchownSync(descriptor, before.uid, before.gid));
        fchmodSync(descriptor, before.mode & 0o7777);
      }
    } finally {
      closeSync(descriptor);
    }
    renameOverNow(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Reads, changes and replaces a file. Our own writers take turns; if another program changed the file meanwhile, starts again
 * with what it wrote. `read` may wait until the file is complete, `peek` reads it as it is. `change` returns the new content; it
 * may throw, and may be called several times. `signal` ends the wait for our turn.
 */
export async function rewriteFile(
  options: FileLockOptions & {
    readonly path: string;
    readonly peek: () => Promise<Buffer>;
    readonly read: () => Promise<Buffer>;
    readonly change: (bytes: Buffer) => string | Uint8Array;
    /** How the writers of this file take turns; if absent, as our own writers do. */
    readonly takeTurns?: TakeTurns | undefined;
  },
): Promise<void> {
  const { path, peek, read, change, takeTurns = withFileLock } = options;
  const tryOnce = (synchronised: Synchronised) => async (isHeld: () => Promise<boolean>) => {
    const before = await read();
    const isStillRight = async () => {
      const mark = markOf(path);
      const [isOurs, now] = await Promise.all([isHeld(), peek()]);
      return isOurs && now.equals(before) && (() => markOf(path) === mark);
    };
    return replaceFile(path, change(before), { synchronised, isStillRight });
  };
  for (let tries = 0; tries < REWRITE_TRIES; tries += 1) {
    const synchronised = tries < PATIENT_TRIES ? 'before' : 'after';
    if (await takeTurns(path, options, tryOnce(synchronised))) return;
  }
  throw new FileKeepsChanging(
    `${path} was changed by others ${REWRITE_TRIES} times while taskglass tried to write it`,
  );
}

/**
 * Gives the new file the owner and mode of the old one. Only root can change the owner: for others, the file becomes their own.
 */
async function keepOwnership(handle: FileHandle, before: Stats): Promise<void> {
  await handle.chown(before.uid, before.gid).catch(() => {});
  await handle.chmod(before.mode & 0o7777);
}

/** Throws if a directory in the path has become a link to another one since it was resolved. */
async function checkPlace(handle: FileHandle, temporary: string): Promise<void> {
  if (!process.getuid) return; // Windows, where others' links cannot be told from ours, either
  const [there, written] = await Promise.all([findWriteTarget(temporary), handle.stat()]);
  if (there.target === temporary && there.before?.ino === written.ino) return;
  throw new WriteRefused(`${dirname(temporary)} was moved while a file was written there`);
}

/** Returns a mark that changes with a file's content, without reading it; empty if there is no file. */
function markOf(path: string): string {
  const stats = attempt(() => statSync(path, { bigint: true }));
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : '';
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
