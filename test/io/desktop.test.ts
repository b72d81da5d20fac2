import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOnDesktop } from '../../src/io/desktop.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let at = 0;
let told: string;
const env = () => ({ PATH: `${directory.file('bin')}:/bin:/usr/bin`, DISPLAY: ':0', TOLD: told });
const isOpened = (target: string, platform: NodeJS.Platform) => openOnDesktop(target, env(), platform);
const opened = () =>
  eventually(() => {
    const lines = readFileSync(told, 'utf8').split('\n');
    expect(lines.at(-1)).toBe('.');
    return lines.slice(0, -1);
  });

beforeAll(async () => {
  directory = await temporaryDirectory();
  for (const folder of ['bin', 'work', 'Tool.app']) await mkdir(directory.file(folder));
  await writeFile(directory.file('setup.exe'), '');
  for (const name of ['xdg-open', 'open', 'rundll32', 'explorer']) {
    await writeFile(
      directory.file(`bin/${name}`),
      '#!/bin/sh\n{ basename "$0"; printf "%s\\n" "$@"; printf .; } > "$TOLD"\n',
    );
    await chmod(directory.file(`bin/${name}`), 0o755);
  }
});
beforeEach(() => {
  at += 1;
  told = directory.file(`told-${at}`);
});
afterAll(() => directory[Symbol.asyncDispose]());

describe('what a task is about', () => {
  const ADDRESS = 'https://example.com/run?id=1&attempt=2#log';

  it.each([
    ['linux', ['xdg-open', ADDRESS]],
    ['darwin', ['open', ADDRESS]],
    ['win32', ['rundll32', 'url.dll,FileProtocolHandler', ADDRESS]],
  ] as const)('is opened as a page, with all of its address (%s)', async (platform, words) => {
    expect(isOpened(ADDRESS, platform)).toBe(true);
    expect(await opened()).toEqual(words);
  });

  it.each(['linux', 'darwin', 'win32'] as const)('is opened as a directory (%s)', async (platform) => {
    expect(isOpened(directory.file('work'), platform)).toBe(true);
    expect((await opened()).at(-1)).toBe(directory.file('work'));
  });

  it('is shown and not run if it is a program of macOS', async () => {
    expect(isOpened(directory.file('Tool.app'), 'darwin')).toBe(true);
    expect(await opened()).toEqual(['open', '-R', directory.file('Tool.app')]);
  });

  it.each(['a file', 'nothing', 'an option', 'a script'])('is not opened if it is %s', (kind) => {
    const target = {
      'a file': directory.file('setup.exe'),
      nothing: directory.file('gone'),
      'an option': '--help',
      'a script': 'javascript:alert(1)',
    }[kind] as string;
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(isOpened(target, platform)).toBe(false);
    expect(existsSync(told)).toBe(false);
  });

  it('is not opened on a server, or at the other end of ssh', () => {
    expect(openOnDesktop(ADDRESS, { ...env(), DISPLAY: undefined }, 'linux')).toBe(false);
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(openOnDesktop(ADDRESS, { ...env(), SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, platform)).toBe(
        false,
      );
  });
});
