import { type ChildProcess, spawn } from 'node:child_process';
import { isStopped } from '../io/process-state.ts';

/**
 * A process in our own group that does nothing. A signal that has reached it was sent to the whole group, as a terminal sends
 * Ctrl-C, and so has reached everybody in the group; any other was sent to us alone. Node does not tell them apart.
 */
export interface Witness {
  /** Whether the signal that we have just received, one that ends a process, has reached the witness too. */
  isReached(): Promise<boolean>;
  /** The same for a signal that stops a process. */
  isStopped(): boolean;
  dispose(): void;
}

/** Starts a witness. If none can be started, no signal counts as sent to the group. */
export function startWitness(): Witness {
  let current = start();
  let asked = Promise.resolve(false);

  async function ask(): Promise<boolean> {
    const answer = await answerOf(current);
    if (answer) current = start();
    return answer;
  }

  return {
    isReached() {
      asked = asked.then(ask);
      return asked;
    },
    isStopped() {
      const isHeld = current?.pid !== undefined && isStopped(current.pid);
      current?.kill('SIGCONT');
      return isHeld;
    },
    dispose: () => void current?.kill('SIGKILL'),
  };
}

function start(): ChildProcess | null {
  try {
    const witness = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
    witness.on('error', () => {});
    witness.stdin.on('error', () => {}); // it has been reached
    witness.unref();
    return witness;
  } catch {
    return null; // no more processes
  }
}

/** Resolves with whether the signal has ended it; if not, it answers. */
function answerOf(witness: ChildProcess | null): Promise<boolean> {
  return new Promise((resolve) => {
    if (!witness?.pid) return resolve(false);
    if (witness.signalCode !== null) return resolve(true);
    witness.once('exit', () => resolve(true));
    witness.stdout?.once('data', () => resolve(false));
    witness.stdin?.write('?\n');
  });
}
