import {
  closeSync,
  fchmodSync,
  fchownSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { closing } from '../storage/closing.ts';
import { type FileLockOptions, type TakeTurns, withFileLock } from './file-lock.ts';
import { clearLeftBehind, temporaryBeside } from './temporary-file.ts';
import { findWriteTarget, findWriteTargetNow, WriteRefused } from './write-target.ts';

/** Thrown by `rewriteFile` when others kept changing the file in between. */
export class FileKeepsChanging extends Error {}

/** A try fails when somebody writes during it: on a busy machine, beside a writer that hardly rests, most do. */
const REWRITE_TRIES = 200;
/** Synchronising takes most of a try. After this many, what was read is replaced first and synchronised right after. */
const PATIENT_TRIES = 5;

/** What nobody but its owner may write, whatever the umask allows. */
const NEW_FILE_MODE = 0o644;
/** Until it has the rights of the file that it replaces, nobody else may open it: not even to read. */
const UNFINISHED_MODE = 0o600;

/**
 * When a replaced file reaches the disk: before it takes the old one's place (a power cut leaves one of the two), right
 * after (less time for others to write in between), or when the system likes (it outlives a crash of this program only).
 */
type Synchronised = 'before' | 'after' | 'whenever';

/**
 * Puts `content` in the file's place so that readers see the old file or the new one, never a part, also after a crash:
 * written beside it, synchronised, renamed. A link stays a link, and a stranger's is not followed (`findWriteTarget`); mode
 * and owner stay as they were (0644 less the umask for a new file, or `mode`). Rejects with the system's error or a
 * `WriteRefused`, the file untouched.
 *
 * Not with `atomically` 2: it renames after a short write without noticing (a full disk tears the file), retries for
 * seconds where the directory is not writable, and has no place for `isStillRight`.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: {
    readonly mode?: number;
    /** 'before' unless told otherwise. */
    readonly synchronised?: Synchronised;
    /**
     * Asked last, right before the rename; false calls it off. A function is called once more, with nothing between its
     * answer and the rename.
     */
    readonly isStillRight?: () => Promise<boolean | (() => boolean)>;
  } = {},
): Promise<boolean> {
  const { target, before } = await findWriteTarget(path);
  const temporary = temporaryBeside(target);
  const { mode = NEW_FILE_MODE, synchronised = 'before', isStillRight } = options;
  underWay.add(temporary);
  try {
    await using handle = closing(await open(temporary, 'wx', before ? UNFINISHED_MODE : mode));
    // Goes on after a short write, and fails on a full disk.
    await handle.writeFile(content);
    if (synchronised === 'before') await handle.sync();
    if (before) await keepOwnership(handle, before);
    await checkPlace(handle, temporary);
    const isRight = isStillRight ? await isStillRight() : true;
    if (!isRight || (isRight !== true && !isRight())) return false;
    // At once: to wait for a thread would leave others a hundred times as long to write in between.
    renameSync(temporary, target);
    if (synchronised === 'after') await handle.sync();
    return true;
  } finally {
    await rm(temporary, { force: true });
    underWay.delete(temporary);
    await clearLeftBehind(dirname(target));
  }
}

/** Temporary files, which `process.exit` would leave behind. */
const underWay = new Set<string>();
process.on('exit', () => {
  for (const temporary of underWay) attempt(() => rmSync(temporary, { force: true }));
});

/**
 * Does what `replaceFile` does in the last moment of a process, when nothing asynchronous runs any more. Not
 * synchronised.
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
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Reads, changes and replaces a file. Our own writers take turns; if a foreign one changed the file in between, what it
 * wrote is read and changed instead. `read` may wait until the file is whole, `peek` reads it as it is; `change`
 * returns the new content; it may throw, and may be called several times. `signal` ends the wait for our turn.
 */
export async function rewriteFile(
  options: FileLockOptions & {
    readonly path: string;
    readonly peek: () => Promise<Buffer>;
    readonly read: () => Promise<Buffer>;
    readonly change: (bytes: Buffer) => string | Uint8Array;
    /** How those who write this file take turns: as our own writers do where absent. */
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
 * Gives the new file to the owner of the old one. Only root can: for anybody else the replaced file becomes their own.
 */
async function keepOwnership(handle: FileHandle, before: Stats): Promise<void> {
  await handle.chown(before.uid, before.gid).catch(() => {});
  await handle.chmod(before.mode & 0o7777);
}

/** Throws if a directory on the way has become a link to another one since it was looked at. */
async function checkPlace(handle: FileHandle, temporary: string): Promise<void> {
  if (!process.getuid) return; // Windows, where the links of others are not told from ours either
  const [there, written] = await Promise.all([findWriteTarget(temporary), handle.stat()]);
  if (there.target === temporary && there.before?.ino === written.ino) return;
  throw new WriteRefused(`${dirname(temporary)} was moved while a file was written there`);
}

/** Tells one content of a file from another without reading it; '' if there is none. */
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
