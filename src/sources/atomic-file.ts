import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closing } from '../storage/closing.ts';
import { type FileLockOptions, withFileLock } from './file-lock.ts';

/** Thrown by `rewriteFile` when others kept changing the file in between. */
export class FileKeepsChanging extends Error {}

/** A try fails when somebody writes during it: on a busy machine, beside a writer that hardly rests, most do. */
const REWRITE_TRIES = 200;
/** Synchronising takes most of a try. After this many, what was read is replaced first and synchronised right after. */
const PATIENT_TRIES = 5;

/**
 * When a replaced file reaches the disk: before it takes the old one's place (a power cut leaves one of the two), right
 * after (less time for others to write in between), or when the system likes (it outlives a crash of this program only).
 */
type Synchronised = 'before' | 'after' | 'whenever';

/**
 * Puts `content` in the file's place so that readers see the old file or the new one, never a part, also after a crash:
 * written beside it, synchronised, renamed. A link stays a link; mode and owner stay as they were (0666 less the umask
 * for a new file, or `mode`). Rejects with the system's error, the file untouched.
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
    /** Asked last, right before the rename; false calls it off. */
    readonly isStillRight?: () => Promise<boolean>;
  } = {},
): Promise<boolean> {
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => null);
  const temporary = temporaryBeside(target);
  const { mode = 0o666, synchronised = 'before', isStillRight } = options;
  underWay.add(temporary);
  try {
    await using handle = closing(await open(temporary, 'wx', mode));
    // Goes on after a short write, and fails on a full disk.
    await handle.writeFile(content);
    if (synchronised === 'before') await handle.sync();
    if (before) await keepOwnership(temporary, before);
    if (isStillRight && !(await isStillRight())) return false;
    await rename(temporary, target);
    if (synchronised === 'after') await handle.sync();
    return true;
  } finally {
    await rm(temporary, { force: true });
    underWay.delete(temporary);
  }
}

/** Temporary files, which `process.exit` would leave behind. */
const underWay = new Set<string>();
process.on('exit', () => {
  for (const temporary of underWay) attempt(() => rmSync(temporary, { force: true }));
});

/** `replaceFile` for the last moment of a process, in which nothing asynchronous runs any more. Not synchronised. */
export function replaceFileNow(path: string, content: string): void {
  const target = attempt(() => realpathSync(path)) ?? path;
  const before = attempt(() => statSync(target));
  const temporary = temporaryBeside(target);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    if (before) {
      attempt(() => chownSync(temporary, before.uid, before.gid));
      chmodSync(temporary, before.mode & 0o7777);
    }
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Reads, changes and replaces a file. Our own writers take turns; where a foreign one changed the
 * file in between, what it wrote is read and changed instead. `read` may wait until the file is whole, `peek` reads it
 * as it is; `change` returns the new content; it may throw, and may be called several times. `signal` ends the wait for
 * our turn.
 */
export async function rewriteFile(
  options: FileLockOptions & {
    readonly path: string;
    readonly peek: () => Promise<Buffer>;
    readonly read: () => Promise<Buffer>;
    readonly change: (bytes: Buffer) => string;
  },
): Promise<void> {
  const { path, peek, read, change } = options;
  const tryOnce = (synchronised: Synchronised) => async (isHeld: () => Promise<boolean>) => {
    const before = await read();
    const isStillRight = async () => {
      const [isOurs, now] = await Promise.all([isHeld(), peek()]);
      return isOurs && now.equals(before);
    };
    return replaceFile(path, change(before), { synchronised, isStillRight });
  };
  for (let tries = 0; tries < REWRITE_TRIES; tries += 1) {
    const synchronised = tries < PATIENT_TRIES ? 'before' : 'after';
    if (await withFileLock(path, options, tryOnce(synchronised))) return;
  }
  throw new FileKeepsChanging(
    `${path} was changed by others ${REWRITE_TRIES} times while it was to be written`,
  );
}

/** Only root can give a file away; for anybody else the replaced file becomes their own. */
async function keepOwnership(
  path: string,
  before: { mode: number; uid: number; gid: number },
): Promise<void> {
  await chown(path, before.uid, before.gid).catch(() => {});
  await chmod(path, before.mode & 0o7777);
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
