import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { renameOver, renameOverNow } from '../../src/storage/rename-over.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

/** A system whose scanner holds a file for so many tries. */
function system(platform: NodeJS.Platform, held: number, code = 'EPERM') {
  let tries = 0;
  return {
    platform,
    clock: systemClock,
    tries: () => tries,
    rename(from: string, to: string) {
      tries += 1;
      if (tries <= held) throw Object.assign(new Error(code), { code });
      renameSync(from, to);
    },
  };
}

async function files() {
  const directory = await temporaryDirectory();
  const [from, to] = [directory.file('new'), directory.file('old')];
  writeFileSync(from, 'new');
  writeFileSync(to, 'old');
  return { directory, from, to };
}

describe('a file that another program has open', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is replaced on Windows as soon as it lets it (%s)', async (code) => {
    const { directory, from, to } = await files();
    await using _ = directory;
    expect(await renameOver(from, to, undefined, system('win32', 3, code))).toBe(true);
    expect(await readFile(to, 'utf8')).toBe('new');
    expect(readdirSync(directory.path)).toEqual(['old']);
  });

  it('is replaced likewise in the last moment of a process', async () => {
    const { directory, from, to } = await files();
    await using _ = directory;
    renameOverNow(from, to, system('win32', 3));
    expect(await readFile(to, 'utf8')).toBe('new');
  });

  it('is not replaced once somebody else has written it meanwhile', async () => {
    const { directory, from, to } = await files();
    await using _ = directory;
    const held = system('win32', 2);
    const isStillRight = async () => () => held.tries() < 2;
    expect(await renameOver(from, to, isStillRight, held)).toBe(false);
    expect(await readFile(to, 'utf8')).toBe('old');
  });

  it('is given up at last, with the error of the system', async () => {
    const { directory, from, to } = await files();
    await using _ = directory;
    const instant = { ...system('win32', Number.POSITIVE_INFINITY), clock: { ...systemClock, after: now } };
    await expect(renameOver(from, to, undefined, instant)).rejects.toMatchObject({ code: 'EPERM' });
    expect(await readFile(to, 'utf8')).toBe('old');
  });

  it.each([
    ['elsewhere, where that means what it says', 'linux', 'EPERM'],
    ['for another reason', 'win32', 'ENOENT'],
  ] as const)('is not tried again %s', async (_, platform, code) => {
    const { directory, from, to } = await files();
    await using _directory = directory;
    const refusing = system(platform, 1, code);
    await expect(renameOver(from, to, undefined, refusing)).rejects.toMatchObject({ code });
    expect(() => renameOverNow(from, to, system(platform, 1, code))).toThrow(code);
    expect(refusing.tries()).toBe(1);
  });
});

function now(_delayMs: number, action: () => void): () => void {
  queueMicrotask(action);
  return () => {};
}
