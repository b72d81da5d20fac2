import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal, type Terminal, type TerminalOptions } from '../test/helpers/terminal.ts';
import { processorSeconds } from './processor.ts';

export const BIN = join(import.meta.dirname, '..', 'bin', 'taskglass.js');

/** Runs `work` in a scratch folder with a home of its own, so that nobody's configuration or cache has an effect. */
export async function inScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'taskglass-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opens the built program in a terminal; its home is `folder`. */
export function openTaskglass(folder: string, args: string[], options: TerminalOptions = {}): Terminal {
  const { HOME: _, ...env } = options.env ?? {};
  return openTerminal(process.execPath, [BIN, ...args], {
    ...options,
    cwd: folder,
    env: {
      HOME: folder,
      XDG_CONFIG_HOME: '',
      XDG_STATE_HOME: '',
      XDG_CACHE_HOME: '',
      XDG_DATA_HOME: '',
      ...env,
    },
  });
}

/** Leaves with `q`, so that what the program keeps for its next start is written. */
export async function quit(terminal: Terminal): Promise<void> {
  terminal.type('q');
  await terminal.exitCode;
  terminal.dispose();
}

/** Returns what a running program writes and uses within a while. */
export async function watch(
  terminal: Terminal,
  seconds: number,
): Promise<{ bytesPerSecond: number; cpuPercent: number }> {
  const [bytes, cpu, start] = [terminal.bytes, processorSeconds(terminal.pid), performance.now()];
  await pause(seconds * 1000);
  const took = (performance.now() - start) / 1000;
  return {
    bytesPerSecond: (terminal.bytes - bytes) / took,
    cpuPercent: (100 * (processorSeconds(terminal.pid) - cpu)) / took,
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
