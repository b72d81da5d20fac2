import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findExecutable, findShellScript, placesOf } from '../../src/io/find-executable.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

describe('a command', () => {
  it('is the first file on PATH that may be run, or the one that its path names', async () => {
    await using directory = await temporaryDirectory();
    for (const folder of ['a', 'b', 'c']) await mkdir(directory.file(folder));
    await writeFile(directory.file('a/tool'), '');
    await mkdir(directory.file('b/tool'));
    await writeFile(directory.file('c/tool'), '');
    await chmod(directory.file('c/tool'), 0o755);
    const place = { env: { PATH: 'a:b:c' }, cwd: directory.path };
    expect(findExecutable('tool', place)).toBe(directory.file('c/tool'));
    expect(findExecutable('c/tool', place)).toBe(directory.file('c/tool'));
    expect(findExecutable('a/tool', place)).toBe(null);
    expect(findExecutable('tool', { ...place, env: { PATH: 'a' } })).toBe(null);
  });

  it('on Windows has an ending that its name need not say, and a PATH of any spelling', () => {
    // A copy of the environment, as every command gets one, has the name as Windows spells it.
    const place = { env: { Path: 'C:\\git\\bin;D:\\tools' }, cwd: 'C:\\work', platform: 'win32' } as const;
    expect(placesOf('gh', place)).toEqual([
      'C:\\git\\bin\\gh.com',
      'C:\\git\\bin\\gh.exe',
      'D:\\tools\\gh.com',
      'D:\\tools\\gh.exe',
    ]);
    expect(placesOf('powershell.exe', place)).toEqual([
      'C:\\git\\bin\\powershell.exe',
      'D:\\tools\\powershell.exe',
    ]);
    expect(placesOf('bin\\tool.exe', place)).toEqual(['C:\\work\\bin\\tool.exe']);
    expect(placesOf('D:\\x\\tool.exe', place)).toEqual(['D:\\x\\tool.exe']);
  });

  it('that npm has installed on Windows is a script, which only a shell reads', () => {
    const place = { env: { PATH: 'C:\\node;C:\\npm' }, cwd: 'C:\\work', platform: 'win32' } as const;
    const there = new Set(['C:\\npm\\npm.cmd', 'C:\\work\\build.bat', 'C:\\node\\node.exe']);
    const find = (command: string) => findShellScript(command, place, (file) => there.has(file));
    expect(find('npm')).toBe('C:\\npm\\npm.cmd');
    expect(find('npm.cmd')).toBe('C:\\npm\\npm.cmd');
    expect(find('.\\build.bat')).toBe('C:\\work\\build.bat');
    expect(find('node.exe')).toBe(null);
    expect(find('yarn')).toBe(null);
    expect(findShellScript('npm', { ...place, platform: 'linux' }, () => true)).toBe(null);
  });
});
