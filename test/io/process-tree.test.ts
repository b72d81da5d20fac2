import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { listByPs, processTree } from '../../src/io/process-tree.ts';
import { eventually } from '../helpers/eventually.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe.runIf(process.platform === 'linux')('the tree of a process', () => {
  it('is ended as a whole, with those that have a session of their own, and nobody else', async () => {
    const other = spawn('sleep', ['60']);
    const script = 'setsid sh -c "echo $$; sleep 60; :" & sh -c "sleep 60 & echo \\$!; wait" & echo $$; wait';
    const root = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const numbers: number[] = [];
    root.stdout.on('data', (piece) => numbers.push(...String(piece).trim().split('\n').map(Number)));
    await eventually(() => expect(numbers).toHaveLength(3));
    const tree = processTree(root.pid ?? 0, { leadsGroup: false, outputs: [] });
    expect(tree.signal('SIGKILL')).toBe(true);
    await once(root, 'exit');
    await eventually(() => expect(numbers.map(isGone)).toEqual([true, true, true]));
    expect(other.exitCode ?? other.signalCode).toBe(null);
    other.kill();
  });
});

/** Keeps to the letter of POSIX: what follows an equals sign in an option, commas and all, is the heading of its column. */
const STRICT_PS = `#!/bin/sh
for word do
  shift
  case $word in *=*) word="\${word%%=*}=" ;; esac
  set -- "$@" "$word"
done
exec ps "$@"
`;

describe('the processes as ps lists them', () => {
  it('have their parents and groups, also where ps keeps to the letter', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.file('ps'), STRICT_PS);
    await chmod(directory.file('ps'), 0o755);
    const child = spawn('sleep', ['60'], { detached: true });
    try {
      child.kill('SIGSTOP');
      await eventually(() => {
        const listed = listByPs(directory.file('ps'));
        const { pid, ppid: parent } = process;
        expect(listed.find((one) => one.pid === pid)).toMatchObject({ parent, isStopped: false });
        expect(listed.find((one) => one.pid === child.pid)).toMatchObject({
          parent: pid,
          group: child.pid,
          isStopped: true,
        });
      });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('are none where there is no ps', () => {
    expect(listByPs('/nowhere/ps')).toEqual([]);
  });
});
