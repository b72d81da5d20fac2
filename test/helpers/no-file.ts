import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';

/** What may be where a file is expected. */
export type NoFile = 'pipe' | 'socket' | 'device' | 'directory';

/** Each of them and a link to it, for `it.each`: a name, and the argument for `makeNoFile`. */
export const NO_FILES: readonly (readonly [name: string, kind: NoFile | `link to ${NoFile}`])[] = [
  ['a pipe', 'pipe'],
  ['a socket', 'socket'],
  ['a directory', 'directory'],
  ['a link to a pipe', 'link to pipe'],
  ['a link to a socket', 'link to socket'],
  ['a link to a device', 'link to device'],
  ['a link to a directory', 'link to directory'],
];

/** Puts it at `path` for as long as the returned object lives. */
export async function makeNoFile(kind: NoFile | `link to ${NoFile}`, path: string): Promise<AsyncDisposable> {
  if (kind.startsWith('link to ')) {
    const target = kind === 'link to device' ? '/dev/zero' : `${path}-target`;
    const made = await makeNoFile(kind.slice('link to '.length) as NoFile, target);
    await symlink(target, path);
    return made;
  }
  if (kind === 'pipe') execFileSync('mkfifo', ['-m', '600', path]);
  if (kind === 'directory') await mkdir(path, { mode: 0o700 });
  if (kind === 'device' && !existsSync(path)) throw new Error('only devices that are there already');
  if (kind !== 'socket') return { [Symbol.asyncDispose]: async () => {} };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}
