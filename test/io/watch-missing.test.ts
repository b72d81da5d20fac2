import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as chokidar from '../../src/io/chokidar.ts';
import { type FileWatch, watchFile, watchTree } from '../../src/io/watch-file.ts';
import { eventually } from '../helpers/eventually.ts';

vi.mock(import('../../src/io/chokidar.ts'), async (original) => {
  const { watch } = await original();
  return { watch: vi.fn(watch) };
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'missing-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const KINDS: Record<string, (path: string, onChange: () => void) => FileWatch> = {
  file: watchFile,
  tree: (path, onChange) => watchTree(dirname(path), 0, onChange),
};
/** What is missing on the way to the file, from a directory that is there. */
const WAYS = ['a', 'a/b', 'a/b/c'];
const cases = Object.keys(KINDS).flatMap((kind) => WAYS.map((way) => [kind, way] as const));

describe('a watch on what is not there yet', () => {
  it.each(cases)('tells of a %s when %s comes, and when it goes and comes again', async (kind, way) => {
    const directory = join(root, way);
    const path = join(directory, 'state.json');
    const onChange = vi.fn();
    const watch = KINDS[kind]?.(path, onChange);
    const tells = async (act: () => Promise<unknown>) => {
      onChange.mockClear();
      await act();
      await eventually(() => expect(onChange).toHaveBeenCalled());
    };
    try {
      await eventually(() => expect(onChange).toHaveBeenCalled());
      for (const content of ['one', 'two']) {
        await mkdir(directory, { recursive: true });
        await tells(async () => writeFile(path, content));
        await tells(async () => {
          await writeFile(`${path}.new`, 'replaced');
          await rename(`${path}.new`, path);
        });
        await tells(() => rm(join(root, 'a'), { recursive: true }));
      }
    } finally {
      await watch?.close();
    }
  });

  it.each(cases)('reads no directory for a %s in %s whatever happens beside it', async (kind, way) => {
    vi.mocked(chokidar.watch).mockClear();
    const onChange = vi.fn();
    const watch = KINDS[kind]?.(join(root, way, 'state.json'), onChange);
    try {
      await eventually(() => expect(onChange).toHaveBeenCalled());
      onChange.mockClear();
      for (let n = 0; n < 100; n += 1) await writeFile(join(root, `other-${n}`), '');
      expect(onChange).not.toHaveBeenCalled();
      expect(chokidar.watch).not.toHaveBeenCalled();
      await mkdir(join(root, way), { recursive: true });
      await eventually(() => expect(chokidar.watch).toHaveBeenCalledOnce());
    } finally {
      await watch?.close();
    }
  });

  it('ends its watch', async () => {
    const onChange = vi.fn();
    const watch = watchFile(join(root, 'a', 'state.json'), onChange);
    await eventually(() => expect(onChange).toHaveBeenCalled());
    await watch.close();
    onChange.mockClear();
    await mkdir(join(root, 'a'));
    await writeFile(join(root, 'a', 'state.json'), '');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(onChange).not.toHaveBeenCalled();
  });
});
