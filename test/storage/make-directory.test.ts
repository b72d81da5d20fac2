import { existsSync } from 'node:fs';
import { stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/storage/make-directory.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

describe('a directory', () => {
  it('is made with all that lead to it, once', async () => {
    await using directory = await temporaryDirectory();
    const made = directory.file('a/b/c');
    await makeDirectory(made, 0o700);
    await makeDirectory(made, 0o700);
    for (const each of [made, path.dirname(made)]) expect((await stat(each)).mode & 0o777).toBe(0o700);
    await symlink('a', directory.file('link'));
    await makeDirectory(directory.file('link'), 0o700);
    await makeDirectory(directory.file('link/d'), 0o700);
    expect(existsSync(directory.file('a/d'))).toBe(true);
  });

  it('is not made where there is a file', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.file('file'), '');
    await expect(makeDirectory(directory.file('file'), 0o700)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeDirectory(directory.file('file/x/y'), 0o700)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.runIf(existsSync('/proc/self'))('is not tried for ever where there can be none', async () => {
    await expect(makeDirectory('/proc/none/of/these', 0o700)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
