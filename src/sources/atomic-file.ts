import { randomBytes } from 'node:crypto';
import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileLockOptions, withFileLock } from './file-lock.ts';

/** Thrown by `rewriteFile` when others kept changing the file in between. */
export class FileKeepsChanging extends Error {}

/** A try fails when somebody writes during it: on a busy machine, beside a writer that hardly rests, most do. */
const REWRITE_TRIES = 60;

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
    /** Whether it must outlive a power cut too (the default), or only a crash of this program: then it is not synchronised. */
    readonly isDurable?: boolean;
    /** Asked last, right before the rename; false calls it off. */
    readonly isStillRight?: () => Promise<boolean>;
  } = {},
): Promise<boolean> {
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => null);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeDown(temporary, content, options.mode ?? 0o666, options.isDurable ?? true);
    if (before) await keepOwnership(temporary, before);
    if (options.isStillRight && !(await options.isStillRight())) return false;
    await rename(temporary, target);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Reads, changes and replaces a file (SPEC 5 "Writers"). Our own writers take turns; where a foreign one changed the
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
  const tryOnce = async (isHeld: () => Promise<boolean>) => {
    const before = await read();
    const isStillRight = async () => {
      const [isOurs, now] = await Promise.all([isHeld(), peek()]);
      return isOurs && now.equals(before);
    };
    return replaceFile(path, change(before), { isStillRight });
  };
  for (let tries = 0; tries < REWRITE_TRIES; tries += 1) {
    if (await withFileLock(path, options, tryOnce)) return;
  }
  throw new FileKeepsChanging(
    `${path} was changed by others ${REWRITE_TRIES} times while it was to be written`,
  );
}

/** `writeFile` goes on after a short write, and fails on a full disk. */
async function writeDown(
  path: string,
  content: string | Uint8Array,
  mode: number,
  isDurable: boolean,
): Promise<void> {
  await using handle = await open(path, 'wx', mode);
  await handle.writeFile(content);
  if (isDurable) await handle.sync();
}

/** Only root can give a file away; for anybody else the replaced file becomes their own. */
async function keepOwnership(
  path: string,
  before: { mode: number; uid: number; gid: number },
): Promise<void> {
  await chown(path, before.uid, before.gid).catch(() => {});
  await chmod(path, before.mode & 0o7777);
}
