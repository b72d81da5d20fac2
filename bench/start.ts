import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTerminal } from '../test/helpers/terminal.ts';
import { type Figure, median, short } from './figure.ts';
import { BIN, inScratchFolder, openTaskglass, quit } from './program.ts';
import { manyTasks, writeStateFile } from './state-file.ts';

const ROUNDS = 15;

/**
 * Measures the time from the start to the first frame, and what short commands cost, compared with `node -e 0` of the same
 * Node, alternately.
 */
export function measureStart(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    writeStateFile(join(folder, 'state.json'), manyTasks(10, 'running'));
    return [await firstFrame(folder), ...shortCommands(folder), await askedStatus(folder)];
  });
}

async function firstFrame(folder: string): Promise<Figure> {
  await firstFrameMs(folder); // fills the compile cache
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await bareNodeMs());
    ours.push(await firstFrameMs(folder));
  }
  return against('start to first frame, a state file', ours, bare, 8);
}

async function firstFrameMs(folder: string): Promise<number> {
  const start = performance.now();
  const terminal = openTaskglass(folder, ['state.json']);
  const at = await terminal.until('Task number 7');
  await quit(terminal);
  return at - start;
}

async function bareNodeMs(): Promise<number> {
  const start = performance.now();
  const terminal = openTerminal(process.execPath, ['-e', '0']);
  await terminal.exitCode;
  terminal.dispose();
  return performance.now() - start;
}

/** Measures the CPU time of whole short commands, alternately with a bare Node. */
function shortCommands(folder: string): Figure[] {
  const ledger = ['--db', join(folder, 'ledger.db')];
  const definitions = join(folder, 'definitions.json');
  writeFileSync(definitions, JSON.stringify({ id: 'nightly', name: 'Nightly' }));
  processorMs(folder, [BIN, 'ledger', 'register', definitions, ...ledger]);
  const commands: readonly (readonly [what: string, words: string[], bound: number])[] = [
    ['--version', ['--version'], 1.6],
    ['ledger list-tasks', ['ledger', 'list-tasks', '--limit', '50', ...ledger], 2.5],
    ['--once of a state file', ['state.json', '--once'], 2.5],
    ['status, which reads a state file', ['status', 'state.json'], 3],
  ];
  return commands.map(([what, words, bound]) => {
    processorMs(folder, [BIN, ...words]); // fills the compile cache
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(processorMs(folder, ['-e', '0']));
      ours.push(processorMs(folder, [BIN, ...words]));
    }
    return against(`CPU time, ${what}`, ours, bare, bound);
  });
}

/** Measures what `status` takes in addition to a bare Node, from start to end, if it asks a server that has read everything. */
async function askedStatus(folder: string): Promise<Figure> {
  const env = { HOME: folder, PATH: process.env.PATH };
  const server = spawn(process.execPath, [BIN, 'serve', '--port', '0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(server.stdout, 'data');
    const wallMs = (words: readonly string[]) => {
      const start = performance.now();
      spawnSync(process.execPath, words, { cwd: folder, env, stdio: 'ignore' });
      return performance.now() - start;
    };
    wallMs([BIN, 'status']); // fills the compile cache
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(wallMs(['-e', '0']));
      ours.push(wallMs([BIN, 'status']));
    }
    const value = median(ours) - median(bare);
    const measured = `${short(value)} ms (${short(median(ours))} ms; bare node ${short(median(bare))} ms)`;
    return {
      what: 'status from a running server, beyond bare node',
      measured,
      value,
      bound: 40,
      unit: ' ms',
    };
  } finally {
    server.kill();
  }
}

/** Reports on descriptor 3, at the end of a process, how much processor time it took (µs). */
const TELLS_USAGE = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeSync(3, String(userCPUTime + systemCPUTime));
});`;

/** Runs Node with `words`, and returns the processor time, ms. */
function processorMs(folder: string, words: readonly string[]): number {
  const preloaded = join(folder, 'tells-usage.cjs');
  writeFileSync(preloaded, TELLS_USAGE);
  const { status, output } = spawnSync(process.execPath, ['--require', preloaded, ...words], {
    cwd: folder,
    env: { HOME: folder, PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${output[2]}`);
  return Number(output[3]) / 1000;
}

function against(what: string, ours: readonly number[], bare: readonly number[], bound: number): Figure {
  const ratio = median(ours) / median(bare);
  return {
    what,
    measured: `${short(ratio)}× bare node (${short(median(ours))} ms against ${short(median(bare))} ms)`,
    value: ratio,
    bound,
    unit: '×',
  };
}
