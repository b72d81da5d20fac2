import { execFileSync } from 'node:child_process';
import {
  chmod,
  lchown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceFileNow } from '../../src/io/atomic-file.ts';
import { findWriteTarget, findWriteTargetNow, WriteRefused } from '../../src/io/write-target.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let file: (name: string) => string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  ({ file } = directory);
  await mkdir(file('real/deep'), { recursive: true });
  await writeFile(file('real/a.json'), 'old');
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Each way to write, with the same outcome. */
const writers = [
  ['replaceFile', async (path: string) => void (await replaceFile(path, 'new'))],
  ['replaceFileNow', async (path: string) => replaceFileNow(path, 'new')],
] as const;

describe('the file that a path leads to', () => {
  const paths: [string, string][] = [
    ['real/a.json', 'real/a.json'],
    ['real/./deep/../a.json', 'real/a.json'],
    ['real//missing.json', 'real/missing.json'],
    ['missing/deep/a.json', 'missing/deep/a.json'],
    ['relative.json', 'real/a.json'],
    ['absolute.json', 'real/a.json'],
    ['chain.json', 'real/a.json'],
    ['dangling.json', 'real/later.json'],
    ['folder/a.json', 'real/a.json'],
    // The parent of where the link leads, as the kernel has it, not of where the link lies.
    ['deep/../a.json', 'real/a.json'],
  ];
  it.each(paths)('%s is %s', async (path, target) => {
    await symlink('real/a.json', file('relative.json'));
    await symlink(file('real/a.json'), file('absolute.json'));
    await symlink('relative.json', file('chain.json'));
    await symlink('real/later.json', file('dangling.json'));
    await symlink('real', file('folder'));
    await symlink('real/deep', file('deep'));
    expect((await findWriteTarget(`${directory.path}/${path}`)).target).toBe(file(target));
    expect(findWriteTargetNow(`${directory.path}/${path}`).target).toBe(file(target));
  });

  it('is found from the working directory', async () => {
    expect((await findWriteTarget('package.json')).target).toBe(`${process.cwd()}/package.json`);
  });

  it('is not looked for in a circle', async () => {
    await symlink('b', file('a'));
    await symlink('a', file('b'));
    await expect(findWriteTarget(file('a'))).rejects.toThrow(WriteRefused);
    expect(() => findWriteTargetNow(file('a'))).toThrow('too many links');
  });
});

describe.each(writers)('%s', (_name, write) => {
  const kinds: [string, string, (path: string) => Promise<unknown>][] = [
    ['a directory', 'is a directory', (path) => mkdir(path)],
    ['a pipe', 'is a pipe', async (path) => execFileSync('mkfifo', [path])],
    [
      'a link to a pipe',
      'is a pipe',
      async (path) => {
        execFileSync('mkfifo', [`${path}.pipe`]);
        await symlink(`${path}.pipe`, path);
      },
    ],
    ['a link to a device', 'is a device', (path) => symlink('/dev/null', path)],
    ['a link to a directory', 'is a directory', (path) => symlink('/', path)],
  ];
  it.each(kinds)('leaves %s alone', async (_kind, words, make) => {
    const path = file('x.json');
    await make(path);
    const before = await lstat(path);
    await expect(write(path)).rejects.toThrow(words);
    expect((await lstat(path)).ino).toBe(before.ino);
    expect((await readdir(directory.path)).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('leaves a socket alone', async () => {
    const server = createServer().listen(file('x.json'));
    try {
      await expect.poll(() => lstat(file('x.json')).then((stats) => stats.isSocket())).toBe(true);
      await expect(write(file('x.json'))).rejects.toThrow('is a socket');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.runIf(isRoot)('leaves a device alone', async () => {
    execFileSync('mknod', [file('x.json'), 'c', '1', '3']);
    await expect(write(file('x.json'))).rejects.toThrow('is a device');
    expect((await lstat(file('x.json'))).isCharacterDevice()).toBe(true);
  });

  const planted: [string, string, () => Promise<void>][] = [
    ['for the file', 'x.json', async () => symlink('real/a.json', file('x.json'))],
    ['for a file that is not there', 'x.json', async () => symlink('real/b.json', file('x.json'))],
    ['for the directory', 'x.json/a.json', async () => symlink('real', file('x.json'))],
    ['for a directory further up', 'x.json/deep/a.json', async () => symlink('real', file('x.json'))],
    [
      'behind a link of our own',
      'own/a.json',
      async () => {
        await symlink('x.json', file('own'));
        await symlink('real', file('x.json'));
      },
    ],
  ];
  it.runIf(isRoot).each(planted)("does not follow a stranger's link %s", async (_where, path, plant) => {
    await plant();
    await lchown(file('x.json'), NOBODY, NOBODY);
    const before = await readdir(file('real'));
    await expect(write(file(path))).rejects.toThrow('belongs to another user (uid 65534)');
    expect(await readFile(file('real/a.json'), 'utf8')).toBe('old');
    expect(await readdir(file('real'))).toEqual(before);
    expect(await readdir(file('real/deep'))).toEqual([]);
  });

  it('makes a file that nobody else may write, whatever the umask', async () => {
    const mask = process.umask(0);
    try {
      await write(file('x.json'));
    } finally {
      process.umask(mask);
    }
    expect((await stat(file('x.json'))).mode & 0o777).toBe(0o644);
  });

  it('keeps another name of the file as it was', async () => {
    await link(file('real/a.json'), file('hard.json'));
    await write(file('hard.json'));
    expect(await readFile(file('real/a.json'), 'utf8')).toBe('old');
  });

  it.runIf(isRoot)('keeps the owner and the mode', async () => {
    await lchown(file('real/a.json'), NOBODY, NOBODY);
    await chmod(file('real/a.json'), 0o640);
    await write(file('real/a.json'));
    const { uid, mode } = await stat(file('real/a.json'));
    expect([uid, mode & 0o777]).toEqual([NOBODY, 0o640]);
  });
});

describe('a directory that becomes a link while a file is written there', () => {
  it('gets nothing', async () => {
    await mkdir(file('shared'));
    const swap = async () => {
      await rename(file('shared'), file('moved'));
      await symlink('real', file('shared'));
      return true;
    };
    // Here it is asked after the last look, so that the rename finds nothing to rename.
    await expect(replaceFile(file('shared/a.json'), 'new', { isStillRight: swap })).rejects.toThrow('ENOENT');
    expect(await readFile(file('real/a.json'), 'utf8')).toBe('old');
    await rm(file('moved'), { recursive: true });
  });
});
