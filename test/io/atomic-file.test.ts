import { spawnSync } from 'node:child_process';
import { chmod, lstat, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { FileKeepsChanging, replaceFile, replaceFileNow, rewriteFile } from '../../src/io/atomic-file.ts';
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

  it('shows nobody what a private file is to hold, not even while it is written', async () => {
    const path = directory.file('private.json');
    await writeFile(path, 'old', { mode: 0o600 });
    let isDone = false;
    const replacing = replaceFile(path, Buffer.alloc(32 * 1024 * 1024)).finally(() => {
      isDone = true;
    });
    const modes = new Set<number>();
    while (!isDone) {
      for (const name of await readdir(directory.path)) {
        const found = await stat(directory.file(name)).catch(() => null);
        if (found && name.endsWith('.tmp')) modes.add(found.mode & 0o777);
      }
    }
    await replacing;
    expect([...modes]).toEqual([0o600]);
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

  it('starts over when somebody else wrote after it had compared', async () => {
    const path = directory.file('list');
    await writeFile(path, 'a');
    let others = 1;
    const read = () => readFile(path);
    const peek = async () => {
      const bytes = await read();
      if (others-- > 0) await writeFile(path, 'in the last moment');
      return bytes;
    };
    await rewriteFile({ path, clock: systemClock, read, peek, change: (bytes) => `${bytes}+mine` });
    expect(await readFile(path, 'utf8')).toBe('in the last moment+mine');
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

describe('what a killed writer has left', () => {
  it('is removed by the next one: ours, old, of a process that is gone, and nothing else', async () => {
    const gone = spawnSync('true').pid;
    const random = '0123456789ab';
    const old = new Date(Date.now() - 120_000);
    const left = [`.board.json.${gone}-${random}.tmp`, `.other.${gone}-${random}.tmp`];
    const kept = [
      `.board.json.${process.pid}-${random}.tmp`, // its process lives
      `.board.json.${random}.tmp`,
      `board.json.${gone}-${random}.tmp`,
      `.board.json.${gone}-${random}.tmp.bak`,
      `.${gone}-${random}.tmp`,
      'notes.tmp',
    ];
    for (const name of [...left, ...kept]) {
      await writeFile(directory.file(name), 'x');
      await utimes(directory.file(name), old, old);
    }
    const fresh = `.board.json.${gone}-ba9876543210.tmp`;
    await writeFile(directory.file(fresh), 'x');
    const link = `.link.${gone}-${random}.tmp`;
    await symlink('notes.tmp', directory.file(link));
    await replaceFile(directory.file('board.json'), 'new');
    expect((await readdir(directory.path)).sort()).toEqual([...kept, fresh, link, 'board.json'].sort());
  });

  it('is named so that the next one knows it', async () => {
    const script = `
      const { replaceFile } = await import(${JSON.stringify(resolve('src/io/atomic-file.ts'))});
      await replaceFile(process.argv[1], 'x', { isStillRight: async () => process.kill(process.pid, 'SIGKILL') });`;
    const path = directory.file('board.json');
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, path]);
    expect(child.signal).toBe('SIGKILL');
    const [name = ''] = await readdir(directory.path);
    expect(name).toContain('.board.json.');
    const old = new Date(Date.now() - 120_000);
    await utimes(directory.file(name), old, old);
    await replaceFile(path, 'new');
    expect(await readdir(directory.path)).toEqual(['board.json']);
  });
});

describe('a new file', () => {
  it.each([0o000, 0o002, 0o022, 0o077])('is not for all to write with the umask %i', async (mask) => {
    const before = process.umask(mask);
    try {
      await replaceFile(directory.file('a.json'), 'x');
      replaceFileNow(directory.file('b.json'), 'x');
    } finally {
      process.umask(before);
    }
    for (const name of ['a.json', 'b.json'])
      expect((await stat(directory.file(name))).mode & 0o777).toBe(0o644 & ~mask);
  });
});
