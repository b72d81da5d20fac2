import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Figure, short } from './figure.ts';
import { BIN, inScratchFolder } from './program.ts';

const ROUNDS = 7;
/** A command that works a little for each of its 100,000 lines, as builds and test suites do. */
const COMMAND = [
  'python3',
  '-c',
  'import hashlib\nfor n in range(100000): print("[%d/100000]" % n, hashlib.sha256(b"x" * 50000).hexdigest())',
];

/**
 * Measures what `taskglass run` adds to the wall time of a command that prints 100,000 lines, including its own start. The
 * fastest round of each counts, because whatever else the machine does can only add to it.
 */
export function measureRun(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const bare: number[] = [];
    const tracked: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(wallMs(COMMAND, folder));
      tracked.push(wallMs([process.execPath, BIN, 'run', '--', ...COMMAND], folder));
    }
    const bareMs = Math.min(...bare);
    const percent = Math.max(0, (100 * (Math.min(...tracked) - bareMs)) / bareMs);
    const measured = `${short(percent)} % of ${short(bareMs)} ms`;
    return [{ what: 'run, beside 100,000 lines', measured, value: percent, bound: 5, unit: ' %' }];
  });
}

function wallMs([command = '', ...args]: readonly string[], folder: string): number {
  const start = performance.now();
  const { status } = spawnSync(command, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PYTHONUNBUFFERED: undefined, TASKGLASS_HOME: join(folder, 'home') },
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return performance.now() - start;
}
