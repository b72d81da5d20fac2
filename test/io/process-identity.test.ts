import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isProcessGone,
  isProcessThere,
  livingOther,
  ownProcess,
  type ProcessIdentity,
} from '../../src/io/process-identity.ts';
import { eventually } from '../helpers/eventually.ts';

const own = ownProcess();
const ended = async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const { pid } = child;
  await once(child, 'exit');
  return pid as number;
};

describe.runIf(existsSync('/proc/self/stat'))('a process', () => {
  it('is there while it runs', () => {
    expect(own).toMatchObject({ pid: process.pid });
    expect(isProcessGone(own)).toBe(false);
    expect(isProcessThere(process.pid, Number(own?.startTicks))).toBe(true);
    expect(isProcessThere(process.pid, null)).toBe(true);
  });

  it('is not the one that has its pid by now', () => {
    expect(isProcessThere(process.pid, Number(own?.startTicks) - 1)).toBe(false);
  });

  it('is gone when it has ended', async () => {
    expect(isProcessGone({ ...own, pid: await ended() })).toBe(true);
    expect(isProcessThere(await ended(), null)).toBe(false);
  });

  it('is gone when it has ended, and nobody asked how', async () => {
    // The shell's child has ended, and the shell, which has become `sleep`, never asks for it.
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = await once(shell.stdout, 'data');
      const pid = Number(String(line));
      const startTicks = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21]);
      await eventually(() => expect(isProcessGone({ ...own, pid, startTicks })).toBe(true));
      expect(isProcessThere(pid, startTicks)).toBe(false);
      expect(existsSync(`/proc/${pid}/stat`)).toBe(true);
    } finally {
      shell.kill('SIGKILL');
      await once(shell, 'close');
    }
  });

  it('is another one that lives only where all of its identity is of one that runs here', async () => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const startTicks = Number(readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(' ')[21]);
      const there = { ...own, pid: other.pid, startTicks };
      expect(livingOther(there)).toBe(other.pid);
      for (const wrong of [
        own,
        undefined,
        { pid: other.pid },
        { ...there, startTicks: startTicks + 1 },
        { ...there, boot: 'another' },
        { ...there, machine: 'another' },
        { ...there, namespace: 'pid:[1]' },
        { ...there, pid: await ended() },
      ])
        expect(livingOther(wrong)).toBe(null);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'close');
    }
  });

  const cases: [string, (identity: ProcessIdentity) => unknown, boolean][] = [
    [
      'is gone where its pid is of a process that started at another time',
      (it) => ({ ...it, startTicks: it.startTicks + 1 }),
      true,
    ],
    ['is gone where the machine has been started anew', (it) => ({ ...it, boot: 'another' }), true],
    ['is not known on another machine', (it) => ({ ...it, machine: 'another', pid: 2 ** 22 + 1 }), false],
    [
      'is not known on another machine of another boot',
      (it) => ({ ...it, machine: 'another', boot: 'another' }),
      false,
    ],
    ['is not known in another container', (it) => ({ ...it, namespace: 'pid:[1]', pid: 2 ** 22 + 1 }), false],
    [
      'is not known where its container has been started anew',
      (it) => ({ ...it, namespace: 'pid:[1]', boot: 'another' }),
      false,
    ],
    ['is gone where no pid is so high', (it) => ({ ...it, pid: 2 ** 22 + 1 }), true],
  ];
  it.each(cases)('%s', (_name, change, isGone) => {
    if (!own) throw new Error('there is /proc');
    expect(isProcessGone(change(own))).toBe(isGone);
  });

  it.each([
    null,
    1,
    'pid',
    [],
    {},
    { ...own, pid: 0 },
    { ...own, pid: -1 },
    { ...own, pid: 1.5 },
    { ...own, pid: '1' },
    { ...own, startTicks: null },
    { ...own, boot: 7 },
    { pid: 2 ** 22 + 1 },
  ])('is not known where %j tells of it', (raw) => {
    expect(isProcessGone(raw)).toBe(false);
  });
});
