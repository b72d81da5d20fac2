import { chmod, lstat, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { FileKeepsChanging, replaceFile, rewriteFile } from '../../src/sources/atomic-file.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

describe('replacing a file', () => {
  it('makes a new inode, keeps the mode, and leaves nothing beside it', async () => {
    const path = directory.file('a.json');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    const before = await stat(path);
    expect(await replaceFile(path, 'new')).toBe(true);
    const after = await stat(path);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(after.mode).toBe(before.mode);
    expect(after.ino).not.toBe(before.ino);
    expect(await readdir(directory.path)).toEqual(['a.json']);
  });

  it('writes through a link', async () => {
    await writeFile(directory.file('real'), 'old');
    await symlink(directory.file('real'), directory.file('link'));
    await replaceFile(directory.file('link'), 'new');
    expect((await lstat(directory.file('link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(directory.file('real'), 'utf8')).toBe('new');
  });

  it('makes a file of the mode it is given', async () => {
    await replaceFile(directory.file('secret'), 'x', { mode: 0o600 });
    expect((await stat(directory.file('secret'))).mode & 0o777).toBe(0o600);
  });

  it('rejects where it cannot, leaving nothing', async () => {
    await expect(replaceFile(directory.file('no/where'), 'x')).rejects.toThrow('ENOENT');
    expect(await readdir(directory.path)).toEqual([]);
  });
});

describe('rewriting a file', () => {
  it('starts over when somebody else wrote in between, and loses nothing', async () => {
    const path = directory.file('list');
    await writeFile(path, 'a');
    let others = 2;
    const peek = () => readFile(path);
    const change = (bytes: Buffer) => `${bytes}+mine`;
    await rewriteFile({ path, clock: systemClock, read: peek, peek, change });
    expect(await readFile(path, 'utf8')).toBe('a+mine');

    const meddle = async () => {
      if (others > 0) await writeFile(path, `b${others--}`);
      return peek();
    };
    // The foreign writer is quicker twice: between our read and our compare.
    await rewriteFile({ path, clock: systemClock, read: peek, peek: meddle, change });
    expect(await readFile(path, 'utf8')).toBe('b1+mine');
    expect(await readdir(directory.path)).toEqual(['list']);
  });

  it('takes over a lock that was left behind', async () => {
    const path = directory.file('list');
    await writeFile(path, 'a');
    await writeFile(`${path}.lock`, '');
    await utimes(`${path}.lock`, new Date(Date.now() - 11_000), new Date(Date.now() - 11_000));
    const peek = () => readFile(path);
    await rewriteFile({ path, clock: systemClock, read: peek, peek, change: (bytes) => `${bytes}b` });
    expect(await readFile(path, 'utf8')).toBe('ab');
    expect(await readdir(directory.path)).toEqual(['list']);
  });

  it('gives up on a file that never stands still', async () => {
    const path = directory.file('list');
    let count = 0;
    const moving = async () => {
      count += 1;
      await writeFile(path, String(count));
      return readFile(path);
    };
    const options = { path, clock: systemClock, read: moving, peek: moving, change: String };
    await expect(rewriteFile(options)).rejects.toThrow(FileKeepsChanging);
  });
});
