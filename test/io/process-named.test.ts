import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isProcessNamed } from '../../src/io/process-named.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

it.runIf(existsSync('/proc/self/comm'))('tells whether a process bears a name', async () => {
  await using directory = await temporaryDirectory();
  const name = `tg-${process.pid}`;
  await symlink('/bin/sleep', directory.file(name));
  expect(await isProcessNamed(name)).toBe(false);
  const child = spawn(directory.file(name), ['60']);
  await eventually(async () => expect(await isProcessNamed(name)).toBe(true));
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(await isProcessNamed(name)).toBe(false);
});
