import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { closing } from './closing.ts';
import { isOpenToOthers, isOurs, isOursOrRoots } from './ownership.ts';
import { makePrivateDirectory } from './private-directory.ts';
import { renameOver } from './rename-over.ts';

/** The secret in a file, without surrounding white space; or why it is not used. */
export type ReadSecret =
  | { readonly kind: 'read'; readonly secret: string }
  | { readonly kind: 'missing' }
  /** `why` is a readable message or the system's code. It contains no part of the file. */
  | { readonly kind: 'unusable'; readonly why: string; readonly hint?: string };

const LARGEST_FILE_BYTES = 4 * 1024;

/**
 * Reads a secret from a file that is ours and that others cannot read, or that root has put there, as for services and
 * containers. Does not wait for a pipe or a device.
 */
export async function readSecretFile(path: string): Promise<ReadSecret> {
  try {
    await using handle = closing(await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
    const found = await handle.stat();
    if (!found.isFile()) return { kind: 'unusable', why: 'it is not a file' };
    if (!isOursOrRoots(found)) return { kind: 'unusable', why: 'it belongs to another user' };
    if (isOurs(found) && isOpenToOthers(found))
      return { kind: 'unusable', why: 'it can be read by others', hint: `chmod 600 ${path}` };
    if (found.size > LARGEST_FILE_BYTES) return { kind: 'unusable', why: 'it is too large' };
    const secret = (await handle.readFile('utf8')).trim();
    return secret === '' ? { kind: 'unusable', why: 'it is empty' } : { kind: 'read', secret };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unusable', why: code ?? message };
  }
}

/** Writes a secret to a file of mode 0600, in a private directory: completely or not at all. Rejects if that fails. */
export async function writeSecretFile(path: string, secret: string): Promise<void> {
  await makePrivateDirectory(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await using handle = closing(await open(temporary, 'wx', 0o600));
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
    await renameOver(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
