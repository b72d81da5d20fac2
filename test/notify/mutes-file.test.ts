import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createMutesFile } from '../../src/notify/mutes-file.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const open = () => createMutesFile({ TASKGLASS_HOME: directory.file('home') }, systemClock);

describe('mutes', () => {
  it('of several views at once are all kept, the last one of each task', async () => {
    const [one, other] = [open(), open()];
    const said = await Promise.all([
      one.set('a', true),
      other.set('b', true),
      one.set('c', true),
      one.set('c', false),
      other.set('d', true),
    ]);
    expect(said).toEqual([null, null, null, null, null]);
    expect([...(await open().load())].sort()).toEqual(['a', 'b', 'd']);
  });

  it('that cannot be read count as none, and are not lost when one more comes', async () => {
    await mkdir(directory.file('home/muted.json'), { recursive: true });
    expect(await open().load()).toEqual(new Set());
    expect(await open().set('a', true)).toMatchObject({
      message: expect.stringContaining('mutes cannot be saved: '),
    });
  });

  it('that somebody has edited are those that are places', async () => {
    await mkdir(directory.file('home'), { recursive: true });
    await writeFile(directory.file('home/muted.json'), '{"muted": ["a", 1, null, "b"]}');
    expect(await open().load()).toEqual(new Set(['a', 'b']));
  });
});
