import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, endsWithin } from '../clock.ts';
import type { WorkerSettings } from './settings.ts';

/** A worker's process. */
export interface WorkerProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** Asks it to end, and kills it if it does not. */
  stop(): Promise<void>;
}

/** Leaving the demo includes this wait and some others, and must take less than a second. */
const END_WITHIN_MS = 400;

/** Starts this program again as a worker. It gets its settings, which include a key, on its standard input. */
export function spawnWorker(name: string, settings: WorkerSettings, clock: Clock): WorkerProcess {
  const log = openSync(join(settings.directory, `${name}.log`), 'a');
  const child = spawn(process.execPath, [programPath(), 'demo-worker', name], {
    stdio: ['pipe', 'ignore', log],
    env: { ...process.env, TASKGLASS_NSEC: undefined },
  });
  closeSync(log);
  child.stdin?.on('error', () => {}); // it may have ended already
  child.stdin?.write(`${JSON.stringify(settings)}\n`);
  return { name, pid: child.pid, stop: () => stop(child, clock) };
}

async function stop(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin?.end();
  if (!(await endsWithin(clock, END_WITHIN_MS, exit))) child.kill('SIGKILL');
  await exit;
}

/** Returns the path of the program's entry module, either beside the bundle of this code or among the sources. */
function programPath(): string {
  const here = fileURLToPath(import.meta.url);
  const program = here.endsWith('.ts') ? '../cli/main.ts' : './cli.cjs';
  return fileURLToPath(new URL(program, import.meta.url));
}
