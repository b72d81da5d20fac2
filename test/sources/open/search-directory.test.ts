import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeClock } from '../../../src/clock.ts';
import { followDirectory } from '../../../src/sources/open/search-directory.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';

const STATE = '{"version":1,"activeTasks":[{"taskId":"a","taskName":"A","status":"running"}]}';

const refusing = vi.hoisted(() => ({ code: '', count: 0, later: [] as ((error: Error) => void)[] }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const watch = (...given: Parameters<typeof fs.watch>) => {
    if (refusing.code) refusing.count += 1;
    if (refusing.code) throw Object.assign(new Error('no watches left'), { code: refusing.code });
    const watcher = fs.watch(...given);
    refusing.later.push((error) => watcher.emit('error', error));
    return watcher;
  };
  return { ...fs, watch };
});

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  refusing.code = '';
  refusing.later = [];
  await directory[Symbol.asyncDispose]();
});

async function put(name: string, text: string): Promise<string> {
  const path = directory.file(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** Follows the directory, which has been searched once. */
async function follow() {
  const clock = createFakeClock();
  const found: string[] = [];
  const search = followDirectory({
    directory: directory.path,
    clock,
    signal: new AbortController().signal,
    onFound: ({ path }) => found.push(path),
  });
  await search.searched;
  return { clock, found, search };
}

it.each(['ENOSPC', 'EMFILE'])(
  'searches again now and then where there are no watches left (%s)',
  async (code) => {
    refusing.code = code;
    const { clock, found, search } = await follow();
    const path = await put('below/state.json', STATE);
    clock.advance(10_000);
    await eventually(() => expect(found).toEqual([path]));
    expect(refusing.count).toBeGreaterThan(0);
    await search.close();
  },
);

it('searches again from time to time once the system has removed all watches, as macOS does', async () => {
  const { clock, found, search } = await follow();
  for (const refuse of refusing.later)
    refuse(Object.assign(new Error('too many open files, watch'), { code: 'EMFILE' }));
  const first = await put('below/state.json', STATE);
  clock.advance(10_000);
  await eventually(() => expect(found).toEqual([first]));
  const second = await put('below/other.json', STATE);
  await eventually(() => {
    clock.advance(10_000);
    expect(found).toEqual([first, second]);
  });
  await search.close();
});

it('reports each file once, however often it is written', async () => {
  const found: string[] = [];
  const clock = createFakeClock();
  const search = followDirectory({
    directory: directory.path,
    clock,
    signal: new AbortController().signal,
    onFound: ({ path }) => found.push(path),
  });
  await search.searched;
  const first = await put('state.json', STATE);
  await eventually(() => expect(found).toEqual([first]));
  for (let turn = 0; turn < 20; turn += 1) await put('state.json', STATE);
  await put('other.txt', STATE);
  const second = await put('z.json', STATE);
  await eventually(() => {
    clock.advance(1_000);
    expect(found).toEqual([first, second]);
  });
  await search.close();
});
