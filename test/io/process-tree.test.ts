import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processTree } from '../../src/io/process-tree.ts';
import { eventually } from '../helpers/eventually.ts';

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
