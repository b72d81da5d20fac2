import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, short } from './figure.ts';
import { BIN, inScratchFolder, pause } from './program.ts';

const ROUNDS = 3;
const MEBIBYTE = 1024 * 1024;
/** A command that works a little for each of the pieces in which it prints 1 GB, in lines of 100 characters. */
const COMMAND = [
  'python3',
  '-c',
  `import hashlib, sys
block = (b"x" * 99 + b"\\n") * 655
for n in range(15268):
    hashlib.sha256(b"y" * 200000).digest()
    sys.stdout.buffer.write(block)`,
];

/**
 * Measures what it costs `taskglass run` to keep 1 GB of output, compared with a run that keeps nothing; the fastest round of
 * each counts. Also measures the memory and the disk space that this takes.
 */
export function measureRunLog(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const without: number[] = [];
    const kept: Ran[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      without.push((await run(['--no-log'], folder)).wallMs);
      kept.push(await run([], folder));
    }
    const withoutMs = Math.min(...without);
    const percent = Math.max(
      0,
      (100 * (Math.min(...kept.map(({ wallMs }) => wallMs)) - withoutMs)) / withoutMs,
    );
    const peak = Math.min(...kept.map(({ peakBytes }) => peakBytes)) / MEBIBYTE;
    const size = largestLog(join(folder, 'home', 'runs')) / MEBIBYTE;
    return [
      {
        what: 'run, keeping 1 GB of output',
        measured: `${short(percent)} % of ${short(withoutMs)} ms`,
        value: percent,
        bound: 8,
        unit: ' %',
      },
      { what: 'its memory', measured: `${short(peak)} MiB`, value: peak, bound: 130, unit: ' MiB' },
      { what: 'the log', measured: `${short(size)} MiB`, value: size, bound: 16, unit: ' MiB' },
    ];
  });
}

interface Ran {
  readonly wallMs: number;
  /** The most memory that it used; 0 if the system does not tell. */
  readonly peakBytes: number;
}

async function run(options: readonly string[], folder: string): Promise<Ran> {
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, 'run', ...options, '--', ...COMMAND], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TASKGLASS_HOME: join(folder, 'home') },
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => {
    isOver = true;
  });
  let peakBytes = 0;
  while (!isOver) {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
    await Promise.race([ended, pause(50)]);
  }
  if (child.exitCode !== 0) throw new Error(`run ended with ${child.exitCode}`);
  return { wallMs: performance.now() - start, peakBytes };
}

export function peakOf(pid: number | undefined): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function largestLog(runs: string): number {
  const logs = readdirSync(runs).filter((name) => name.endsWith('.logs'));
  const sizes = logs.map((name) =>
    readdirSync(join(runs, name)).reduce((sum, file) => sum + statSync(join(runs, name, file)).size, 0),
  );
  return Math.max(0, ...sizes);
}
