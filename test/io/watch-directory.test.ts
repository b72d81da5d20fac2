import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../src/clock.ts';
import { watchDirectory } from '../../src/io/watch-directory.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let clock: FakeClock;
let calls: number;
let watching: { close(): void } | null;
beforeEach(async () => {
  directory = await temporaryDirectory();
  clock = createFakeClock();
  calls = 0;
  watching = null;
});
afterEach(async () => {
  watching?.close();
  await directory[Symbol.asyncDispose]();
});

/** Time stands still: what is called is called for a change, unless the clock is moved. */
function watchHere(name: string): string {
  const path = directory.file(name);
  watching = watchDirectory(path, clock, () => {
    calls += 1;
  });
  return path;
}

async function isToldOf(change: () => Promise<unknown>): Promise<void> {
  const before = calls;
  await change();
  await eventually(() => expect(calls).toBeGreaterThan(before));
}

describe('a watch on a directory', () => {
  it('tells of what is put there, in a directory that is made, and made anew, only later', async () => {
    const path = watchHere('inbox');
    for (const round of ['first', 'second']) {
      await isToldOf(() => mkdir(path));
      await isToldOf(() => writeFile(`${path}/${round}`, ''));
      await isToldOf(() => rename(`${path}/${round}`, `${path}/renamed`));
      await isToldOf(() => rm(path, { recursive: true }));
    }
  });

  it('hears nothing of what happens beside it', async () => {
    const path = watchHere('inbox');
    await isToldOf(() => mkdir(path));
    await isToldOf(() => writeFile(`${path}/settled`, ''));
    const before = calls;
    for (let i = 0; i < 100; i += 1) await writeFile(directory.file(`${i}.json`), '');
    expect(calls - before).toBeLessThan(10);
  });

  it('looks once a second all the same: not every change is told', async () => {
    watchHere('not/there/yet');
    expect(calls).toBe(1);
    clock.advance(5_000);
    expect(calls).toBe(6);
    watching?.close();
    clock.advance(5_000);
    expect(calls).toBe(6);
  });
});
