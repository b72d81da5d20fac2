import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Figure, short } from './figure.ts';
import { processorSeconds } from './processor.ts';
import { BIN, inScratchFolder, pause } from './program.ts';
import { peakOf } from './run-log.ts';

const MEGABYTES = 256;
const MEBIBYTE = 1024 * 1024;

/** A piece of each kind of output, as Python writes it. */
const KINDS: Readonly<Record<string, string>> = {
  text: 'b"a" * 200 + b" 12345\\n"',
  figures: 'b"".join(b"[%d/9000] built %d%%\\n" % (n, n // 90) for n in range(9000))',
  colours: 'b"\\x1b[32mINFO\\x1b[0m \\x1b[2m12\\x1b[22m text\\n" * 99',
  bars: 'b"".join(b"\\rloading %3d%% %d/9000 MB" % (n // 90, n) for n in range(9000))',
  frames: 'b"".join(b"a: %3d%%\\nb: %3d%%\\n\\x1b[2A" % (n // 90, n // 99) for n in range(9000))',
  bytes: 'os.urandom(1 << 20)',
  'long lines': 'b"z" * (1 << 20) + b"\\n"',
};

/** Measures what it costs `taskglass run` to pass on a flood of any kind: the most processor time, and the most memory. */
export function measureFlood(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const floods: { kind: string; seconds: number; peak: number }[] = [];
    for (const [kind, piece] of Object.entries(KINDS)) floods.push({ kind, ...(await flood(piece, folder)) });
    const dearest = floods.reduce((a, b) => (b.seconds > a.seconds ? b : a));
    const largest = floods.reduce((a, b) => (b.peak > a.peak ? b : a));
    return [
      {
        what: `run, passing on ${MEGABYTES} MB of any kind`,
        measured: `${short(dearest.seconds)} s (${dearest.kind})`,
        value: dearest.seconds,
        bound: 4,
        unit: ' s of processor time',
      },
      {
        what: 'its memory',
        measured: `${short(largest.peak)} MiB (${largest.kind})`,
        value: largest.peak,
        bound: 200,
        unit: ' MiB',
      },
    ];
  });
}

async function flood(piece: string, folder: string): Promise<{ seconds: number; peak: number }> {
  const program = `import os, sys
piece = ${piece}
for _ in range((${MEGABYTES} << 20) // len(piece)): sys.stdout.buffer.write(piece)`;
  const child = spawn(process.execPath, [BIN, 'run', '--', 'python3', '-c', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TASKGLASS_HOME: join(folder, 'home') },
  });
  const ended = once(child, 'exit');
  let [seconds, peak] = [0, 0];
  while (child.exitCode === null) {
    seconds = Math.max(seconds, processorSeconds(child.pid ?? 0));
    peak = Math.max(peak, peakOf(child.pid) / MEBIBYTE);
    await Promise.race([ended, pause(20)]);
  }
  if (child.exitCode !== 0) throw new Error(`run ended with ${child.exitCode}`);
  return { seconds, peak };
}
