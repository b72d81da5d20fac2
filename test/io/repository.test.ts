import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepositories } from '../../src/io/repository.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let place: Awaited<ReturnType<typeof temporaryDirectory>>;
const at = (name: string) => place.file(name);
const git = (cwd: string, ...words: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always', ...words],
    { cwd: at(cwd), stdio: 'ignore', env: { PATH: process.env.PATH, HOME: place.path } },
  );

beforeAll(async () => {
  place = await temporaryDirectory();
  await mkdir(at('main/deep/er'), { recursive: true });
  git('.', 'init', 'main');
  git('main', 'commit', '--allow-empty', '-m', 'x');
  git('main', 'worktree', 'add', at('linked'));
  await mkdir(at('linked/deep'));
  git('.', 'clone', '--bare', 'main', 'bare.git');
  git('bare.git', 'worktree', 'add', at('of-bare'));
  git('.', 'clone', 'main', 'outer');
  git('outer', 'submodule', 'add', at('main'), 'inner');
  await mkdir(at('plain/.git'), { recursive: true });
  await mkdir(at('torn'));
  await writeFile(at('torn/.git'), 'gitdir: ../nowhere\n');
  await mkdir(at('odd'));
  await writeFile(at('odd/.git'), 'this is no repository\n');
});
afterAll(() => place[Symbol.asyncDispose]());

describe('the repository of a directory', () => {
  it.each([
    ['its checkout', 'main', 'main'],
    ['below it', 'main/deep/er', 'main'],
    ['where the directory is not there (any more)', 'main/deep/gone/away', 'main'],
    ['a linked worktree', 'linked', 'main'],
    ['below a linked worktree', 'linked/deep', 'main'],
    ['a worktree of a bare repository', 'of-bare', 'bare.git'],
    ['a clone', 'outer', 'outer'],
    ['a submodule', 'outer/inner', 'outer/inner'],
    ['a worktree whose repository is gone', 'torn', 'torn'],
    ['an empty .git', 'plain', null],
    ['a .git of something else', 'odd', null],
    ['no checkout', '.', null],
  ])('%s', async (_what, directory, repository) => {
    expect(await createRepositories().find(at(directory))).toBe(repository && at(repository));
  });

  it('is looked for once', async () => {
    await mkdir(at('new/deep'), { recursive: true });
    git('.', 'init', 'new');
    const repositories = createRepositories();
    expect(repositories.known(at('new/deep'))).toBeUndefined();
    const found = await Promise.all([1, 2, 3].map(() => repositories.find(at('new/deep'))));
    expect(found).toEqual(Array(3).fill(at('new')));
    await rm(join(at('new'), '.git'), { recursive: true });
    expect(repositories.known(at('new/deep'))).toBe(at('new'));
    expect(repositories.known(at('new'))).toBe(at('new'));
  });
});
