import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { signalGroup } from '../../src/io/process-group.ts';
import { eventually } from '../helpers/eventually.ts';
import { isAlive } from '../helpers/processes.ts';

let leader: ChildProcess;
afterEach(() => leader.kill('SIGKILL'));

describe('a signal to a process group', () => {
  it('reaches its leader and those that it started; later there is nobody to reach', async () => {
    leader = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [pid] = await once(leader.stdout as NodeJS.ReadableStream, 'data');
    expect(signalGroup(leader.pid, 'SIGTERM')).toBe(true);
    await eventually(() => expect(isAlive(Number(pid))).toBe(false));
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
