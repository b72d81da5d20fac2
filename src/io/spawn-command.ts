import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Environment } from '../storage/home.ts';
import { withoutSecrets } from './without-secrets.ts';
import { directoryForChild } from './working-directory.ts';

/** What to start, and how it is connected. */
export interface SpawnedCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** The directory; ours if absent. */
  readonly cwd?: string;
  readonly env: Environment;
  /** Standard input, output and error. */
  readonly stdio: readonly ['inherit' | 'ignore' | 'pipe' | number, number | 'pipe', number | 'pipe'];
  /** Further descriptors: what the command receives under each number. */
  readonly further?: ReadonlyMap<number, number | 'pipe'>;
  /** Whether it leads a session of its own, without a terminal yet. */
  readonly isLeader: boolean;
}

/**
 * Starts the command, without our secrets in its environment. Some refusals of the system are returned, others come as an
 * event. On Windows, a leader would open a console window, so it is not made one there, and is ended as a process tree
 * (`signalGroup`).
 */
export function spawnCommand(command: SpawnedCommand): ChildProcess | Error {
  const [program = '', ...args] = command.words;
  const { further = new Map<number, number | 'pipe'>() } = command;
  const highest = Math.max(2, ...further.keys());
  const stdio: StdioOptions = Array.from(
    { length: highest + 1 },
    (_, fd) => command.stdio[fd] ?? further.get(fd) ?? 'ignore',
  );
  try {
    return spawn(program, args, {
      cwd: command.cwd === undefined ? undefined : directoryForChild(command.cwd),
      env: withoutSecrets(command.env),
      stdio,
      detached: command.isLeader && process.platform !== 'win32',
      windowsHide: command.isLeader,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
