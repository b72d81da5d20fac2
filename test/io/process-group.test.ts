import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { signalGroup } from '../../src/io/process-group.ts';
import { processTree } from '../../src/io/process-tree.ts';
import { eventually } from '../helpers/eventually.ts';
import { isAlive } from '../helpers/processes.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let leader: ChildProcess;
afterEach(() => leader.kill('SIGKILL'));

async function startFamily(): Promise<{ readonly child: number }> {
  leader = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pid] = await once(leader.stdout as NodeJS.ReadableStream, 'data');
  return { child: Number(pid) };
}

describe('a signal to a process group', () => {
  it('reaches its leader and those that it started; later there is nobody to reach', async () => {
    const { child } = await startFamily();
    expect(signalGroup(leader.pid, 'SIGTERM')).toBe(true);
    await eventually(() => expect(isAlive(child)).toBe(false));
    await eventually(() => expect(leader.signalCode).toBe('SIGTERM'));
    expect(signalGroup(leader.pid, 'SIGTERM')).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('is not for everybody to send', async () => {
    leader = spawn('sleep', ['60'], { detached: true });
    const nobody = fork(new URL('../helpers/signal-as-nobody.ts', import.meta.url), [String(leader.pid)]);
    const [wasAllowed] = await once(nobody, 'message');
    expect(wasAllowed).toBe(false);
    expect(leader.signalCode).toBeNull();
  });
});

/** Takes what Windows' own takes, and ends what it ends: the process, with `/T` all below it, with `/F` unasked. */
const TASKKILL = `#!/bin/sh
echo called >> "$0.calls"
[ "$1" = /PID ] && [ "$3" = /T ] && [ "$4" = /F ] && [ $# = 4 ] || exit 1
below() { for child in $(ps -A -o pid= -o ppid= | awk -v of="$1" '$2 == of { print $1 }'); do below "$child"; done; kill -KILL "$1"; }
below "$2"
`;

describe('on Windows, which has no process groups', () => {
  const { PATH } = process.env;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  afterEach(async () => {
    process.env.PATH = PATH;
    await directory[Symbol.asyncDispose]();
  });

  async function havePrograms(taskkill: string | null): Promise<void> {
    directory = await temporaryDirectory();
    process.env.PATH = taskkill === null ? directory.path : `${directory.path}:${PATH}`;
    if (taskkill === null) return;
    await writeFile(directory.file('taskkill'), taskkill);
    await chmod(directory.file('taskkill'), 0o755);
  }

  it.each([
    ['its group', () => signalGroup(leader.pid, 'SIGTERM', 'win32')],
    [
      'its tree',
      () => processTree(leader.pid ?? 0, { leadsGroup: false, outputs: [] }, 'win32').signal('SIGTERM'),
    ],
  ])('a command is ended with all that it has started, as %s', async (_, end) => {
    await havePrograms(TASKKILL);
    const { child } = await startFamily();
    expect(end()).toBe(true);
    await eventually(() => expect(isAlive(child)).toBe(false));
    await eventually(() => expect(leader.exitCode ?? leader.signalCode).not.toBeNull());
    expect(end()).toBe(true);
  });

  it('it is ended alone if nothing ends its tree', async () => {
    const { child } = await startFamily();
    await havePrograms(null);
    expect(signalGroup(leader.pid, 'SIGKILL', 'win32')).toBe(true);
    await eventually(() => expect(leader.signalCode).toBe('SIGKILL'));
    process.kill(child);
  });

  it('it goes on at a signal that ends nothing', async () => {
    await havePrograms(TASKKILL);
    const { child } = await startFamily();
    for (const name of ['SIGWINCH', 'SIGCONT', 'SIGSTOP', 'SIGTSTP'] as const)
      expect(signalGroup(leader.pid, name, 'win32')).toBe(true);
    signalGroup(leader.pid, 'SIGTERM', 'win32');
    await eventually(() => expect(isAlive(child)).toBe(false));
    expect(readFileSync(directory.file('taskkill.calls'), 'utf8')).toBe('called\n');
  });
});
