import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { withExclusiveMark } from '../../src/io/exclusive-mark.ts';
import { ownProcess } from '../../src/io/process-identity.ts';

let directory: string;
let mark: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mark-'));
  mark = join(directory, 'mark');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const attempt = (action = async () => 'done') => withExclusiveMark(mark, systemClock, action);

describe('an exclusive mark', () => {
  it('lets one of many do it, and another one later', async () => {
    const going = Promise.withResolvers<void>();
    const attempts = Array.from({ length: 20 }, (_, index) =>
      attempt(async () => {
        await going.promise;
        return String(index);
      }),
    );
    const refusals: unknown[] = [];
    for (const one of attempts) void one.then((result) => result === null && refusals.push(result));
    while (refusals.length < 19) await new Promise((resolve) => setImmediate(resolve));
    going.resolve();
    expect((await Promise.all(attempts)).filter((result) => result !== null)).toHaveLength(1);
    expect(await attempt()).toBe('done');
    expect(await readdir(directory)).toEqual([]);
  });

  it('is gone after a failure', async () => {
    await expect(attempt(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await attempt()).toBe('done');
  });

  it('rejects where it cannot be made', async () => {
    const nowhere = join(directory, 'missing', 'mark');
    await expect(withExclusiveMark(nowhere, systemClock, async () => 1)).rejects.toThrow('ENOENT');
  });

  it.runIf(existsSync('/proc/self/stat'))('counts as long as its process lives, and no longer', async () => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    const startTicks = Number(readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(' ')[21]);
    await writeFile(mark, JSON.stringify({ ...ownProcess(), pid: other.pid, startTicks }));
    await utimes(mark, 1, 1);
    expect(await attempt()).toBe(null);
    other.kill('SIGKILL');
    await once(other, 'close');
    const results = await Promise.all([attempt(), attempt(), attempt()]);
    expect(results.filter((result) => result === 'done').length).toBeGreaterThan(0);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each(['', 'null', 'no mark of ours'])('that says %j counts for a minute', async (text) => {
    await writeFile(mark, text);
    expect(await attempt()).toBe(null);
    const longAgo = Date.now() / 1000 - 61;
    await utimes(mark, longAgo, longAgo);
    expect(await attempt()).toBe('done');
  });
});
