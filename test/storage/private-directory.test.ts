import { chownSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPrivateDirectory, makePrivateDirectory } from '../../src/storage/private-directory.ts';
import { findSocketPath, makeSocketPath } from '../../src/storage/runtime-directory.ts';
import { readSecretFile, writeSecretFile } from '../../src/storage/secret-file.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let umask: number;
beforeEach(async () => {
  home = await temporaryDirectory();
  umask = process.umask();
});
afterEach(async () => {
  process.umask(umask);
  await home[Symbol.asyncDispose]();
});
const modeOf = (file: string) => statSync(file).mode & 0o777;

describe('a directory for us alone', () => {
  it.each([0o000, 0o022, 0o077])('is made so under umask %o', async (mask) => {
    process.umask(mask);
    await makePrivateDirectory(home.file('a/b'));
    expect(modeOf(home.file('a/b'))).toBe(0o700);
    expect(isPrivateDirectory(home.file('a/b'))).toBe(true);
  });

  it('is closed where it is ours and was open', async () => {
    mkdirSync(home.file('open'));
    for (const mode of [0o777, 0o750, 0o701]) {
      rmSync(home.file('open'), { recursive: true });
      process.umask(0);
      mkdirSync(home.file('open'), { mode });
      expect(isPrivateDirectory(home.file('open'))).toBe(false);
      await makePrivateDirectory(home.file('open'));
      expect(modeOf(home.file('open'))).toBe(0o700);
    }
  });

  it('is no link, and no file', async () => {
    mkdirSync(home.file('real'), { mode: 0o700 });
    symlinkSync(home.file('real'), home.file('link'));
    symlinkSync(home.file('nowhere'), home.file('dangling'));
    writeFileSync(home.file('file'), '', { mode: 0o700 });
    for (const name of ['link', 'dangling', 'file']) {
      expect(isPrivateDirectory(home.file(name))).toBe(false);
      await expect(makePrivateDirectory(home.file(name))).rejects.toThrow();
    }
  });

  it.runIf(isRoot)('is never somebody else’s', async () => {
    mkdirSync(home.file('theirs'), { mode: 0o700 });
    chownSync(home.file('theirs'), NOBODY, NOBODY);
    expect(isPrivateDirectory(home.file('theirs'))).toBe(false);
    await expect(makePrivateDirectory(home.file('theirs'))).rejects.toThrow(/belongs to another user/);
    await expect(makePrivateDirectory(home.file('theirs/ours'), { inside: true })).rejects.toThrow(
      /belongs to another user/,
    );
  });
});

describe('a secret in a file', () => {
  it.each([0o000, 0o022, 0o277])(
    'is its owner’s alone under umask %o, and over whatever lay there',
    async (mask) => {
      const file = home.file('tokens/one');
      process.umask(mask);
      await writeSecretFile(file, 'first');
      await writeSecretFile(file, 'second');
      expect(modeOf(file) & 0o077).toBe(0);
      process.umask(umask);
      rmSync(file);
      writeFileSync(file, 'old', { mode: 0o666 });
      await writeSecretFile(file, 'new');
      expect(modeOf(file)).toBe(0o600);
      expect(await readSecretFile(file)).toEqual({ kind: 'read', secret: 'new' });
    },
  );

  it('replaces a link that lies there, and not what it points to', async () => {
    const precious = home.file('precious');
    writeFileSync(precious, 'keep me');
    mkdirSync(home.file('tokens'), { mode: 0o700 });
    symlinkSync(precious, home.file('tokens/one'));
    await writeSecretFile(home.file('tokens/one'), 'secret');
    expect(await readSecretFile(home.file('tokens/one'))).toEqual({ kind: 'read', secret: 'secret' });
    expect(statSync(precious).size).toBe('keep me'.length);
  });

  it.runIf(isRoot)('is not taken from another user, who would know it', async () => {
    const file = home.file('theirs');
    writeFileSync(file, 'planted', { mode: 0o600 });
    chownSync(file, NOBODY, NOBODY);
    expect(await readSecretFile(file)).toEqual({ kind: 'unusable', why: 'it belongs to another user' });
  });
});

describe('the socket of a server of ours', () => {
  const listenAt = async (socket: string) => {
    const server = createServer().listen(socket);
    await new Promise((done) => server.once('listening', done));
    return { [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())) };
  };

  it('lies in the system’s directory for us, and is found from where that is not told of', async () => {
    const runtime = home.file('runtime');
    mkdirSync(runtime, { mode: 0o700 });
    const told = { XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: home.file('state') };
    const socket = await makeSocketPath(4747, told);
    expect(socket).toBe(path.join(runtime, 'taskglass/serve-4747.sock'));
    expect(modeOf(path.dirname(socket))).toBe(0o700);
    expect(await findSocketPath(4747, told)).toBe(null);
    await using _ = await listenAt(socket);
    expect(await findSocketPath(4747, told)).toBe(socket);
    expect(await findSocketPath(4748, told)).toBe(null);
    expect(await findSocketPath(4747, { ...told, TASKGLASS_HOME: home.file('own') })).toBe(null);
  });

  it.each<[string, (runtime: string) => void]>([
    ['is not there', () => {}],
    ['is a file', (runtime) => writeFileSync(runtime, '')],
    [
      'holds a link in its place',
      (runtime) => {
        mkdirSync(runtime, { mode: 0o700 });
        symlinkSync('/tmp', path.join(runtime, 'taskglass'));
      },
    ],
    ['has too long a path', () => {}],
  ])('lies in a directory of its own where the system’s %s', async (what, make) => {
    const runtime = home.file(what.includes('long') ? 'x'.repeat(100) : 'runtime');
    make(runtime);
    const env = { TASKGLASS_HOME: '', XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: home.file('state') };
    const socket = await makeSocketPath(4747, env);
    const usual = `/run/user/${process.getuid?.()}/taskglass/serve-4747.sock`;
    expect([home.file('state/taskglass/run/serve-4747.sock'), usual]).toContain(socket);
    expect(modeOf(path.dirname(socket))).toBe(0o700);
  });

  it('is nowhere, in words, where no place is short enough', async () => {
    await expect(makeSocketPath(4747, { TASKGLASS_HOME: home.file('x'.repeat(100)) })).rejects.toThrow(
      /the path .* is too long/,
    );
  });

  it('is not found where others can put one in its place', async () => {
    const env = { TASKGLASS_HOME: home.file('own') };
    const socket = await makeSocketPath(4747, env);
    await using _ = await listenAt(socket);
    expect(await findSocketPath(4747, env)).toBe(socket);
    process.umask(0);
    mkdirSync(home.file('wide/run'), { recursive: true, mode: 0o777 });
    await using __ = await listenAt(home.file('wide/run/serve-4747.sock'));
    expect(await findSocketPath(4747, { TASKGLASS_HOME: home.file('wide') })).toBe(null);
  });
});
