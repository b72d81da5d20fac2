import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../src/clock.ts';
import { FileLockError, withFileLock } from '../../src/io/file-lock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createTaskBreakdownSource } from '../../src/sources/task-breakdown/source.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const DAY_MS = 86_400_000;

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('list');
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Somebody's lock, last touched so long ago; in the future where that is negative. */
async function leaveLock(agoMs: number): Promise<void> {
  const at = new Date(Date.now() - agoMs);
  await writeFile(`${path}.lock`, '');
  await utimes(`${path}.lock`, at, at);
}

/** Lets the time of `waiting` pass until it has come to an end. */
async function outcomeOf<T>(waiting: Promise<T>, clock: ReturnType<typeof createFakeClock>) {
  const settled = Promise.allSettled([waiting]);
  let outcome: PromiseSettledResult<T> | undefined;
  void settled.then(([first]) => {
    outcome = first;
  });
  await eventually(() => {
    clock.advance(500);
    expect(outcome).toBeDefined();
  });
  return outcome;
}

describe('the lock of a file', () => {
  it('is taken over when it is dated in the future and nobody has touched it while we waited', async () => {
    await leaveLock(-DAY_MS);
    const clock = createFakeClock(Date.now());
    const startedAt = clock.now();
    const waiting = withFileLock(path, { clock }, async () => clock.now() - startedAt);
    expect(await outcomeOf(waiting, clock)).toMatchObject({ status: 'fulfilled' });
    expect(await waiting).toBeGreaterThanOrEqual(10_000);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('is not waited for any longer than 30 s, while others hold it in turns', async () => {
    const clock = createFakeClock(Date.now() - DAY_MS); // however fast it runs, no lock is old
    await leaveLock(0);
    let isOver = false;
    const waiting = withFileLock(path, { clock }, async () => {}).finally(() => {
      isOver = true;
    });
    const outcome = waiting.catch((error: Error) => error);
    for (let turn = 0; !isOver; turn += 1) {
      await writeFile(`${path}.lock`, `other ${turn}`);
      clock.advance(500);
    }
    expect(await outcome).toEqual(new FileLockError(`${path}.lock was held by others for 30 s`));
    expect(await readdir(directory.path)).toEqual(['list.lock']);
  });

  it('is not waited for once the wait is given up', async () => {
    await leaveLock(-DAY_MS);
    const giving = new AbortController();
    const waiting = withFileLock(path, { clock: createFakeClock(), signal: giving.signal }, async () => {});
    giving.abort();
    await expect(waiting).rejects.toThrow(new FileLockError(`gave up waiting for ${path}.lock`));
  });

  it('gives a command back that is given up, the breakdown as it was', async () => {
    await writeFile(path, '{"tasks":[{"id":"T1"}]}');
    await leaveLock(-DAY_MS);
    const { commands } = createTaskBreakdownSource({ id: sourceId('plan'), path, clock: createFakeClock() });
    const giving = new AbortController();
    const answer = commands.cancel?.('T1', { signal: giving.signal, report() {} });
    giving.abort();
    expect(await answer).toMatchObject({
      kind: 'refused',
      problem: {
        message: `cancel: ${path} cannot be written: gave up waiting for ${path}.lock`,
        hint: 'it was left unchanged',
      },
    });
  });

  it('is for one at a time, also when many find the same stale one', async () => {
    let inside = 0;
    let mostInside = 0;
    const enter = () =>
      withFileLock(path, { clock: systemClock }, async () => {
        inside += 1;
        mostInside = Math.max(mostInside, inside);
        await readdir(directory.path);
        inside -= 1;
      });
    for (let round = 0; round < 20; round += 1) {
      await leaveLock(11_000);
      await Promise.all(Array.from({ length: 20 }, enter));
    }
    expect(mostInside).toBe(1);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('is known to be lost, and left to the one who took it over', async () => {
    await withFileLock(path, { clock: systemClock }, async (isHeld) => {
      expect(await isHeld()).toBe(true);
      await writeFile(`${path}.lock`, 'somebody else');
      expect(await isHeld()).toBe(false);
    });
    expect(await readdir(directory.path)).toEqual(['list.lock']);
  });

  it('is refused where a directory is in its place', async () => {
    await mkdir(`${path}.lock`);
    await utimes(`${path}.lock`, new Date(0), new Date(0));
    await expect(withFileLock(path, { clock: systemClock }, async () => {})).rejects.toThrow(
      new FileLockError(`${path}.lock is in the way: it is not a lock file; move it elsewhere`),
    );
    expect(await readdir(directory.path)).toEqual(['list.lock']);
  });
});
