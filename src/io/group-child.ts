import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Clock, endsWithin } from '../clock.ts';
import type { Environment } from '../storage/home.ts';
import { signalGroup } from './process-group.ts';
import { openRealPipes } from './real-pipe.ts';
import { spawnCommand } from './spawn-command.ts';

/** How a command ended; `error` if it could not be started. */
export interface GroupEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** A command in a process group of its own, with everything that it starts there. */
export interface GroupChild {
  /** Also the group's id; undefined if the command could not be started. */
  readonly pid: number | undefined;
  /** The streams of what it prints. */
  readonly outputs: readonly Readable[];
  /** Resolves when the command itself has ended; processes that it has left behind may go on. */
  readonly ended: Promise<GroupEnd>;
  /** Sends a signal to every process of the group; returns false if that is not allowed. */
  signal(name: NodeJS.Signals): boolean;
}

/** A command to start. */
export interface GroupCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Ours if null. */
  readonly cwd: string | null;
  /** Its environment, from which our secrets are removed. */
  readonly env: Environment;
}

/**
 * Starts a command without input. Its output and errors are read in order, from one pipe that it can also open by name. Never
 * rejects.
 */
export async function startInGroup(command: GroupCommand): Promise<GroupChild> {
  const pipes = await openRealPipes(1);
  const [{ writeEnd: output } = { writeEnd: 'pipe' as const }] = pipes;
  const { words, cwd, env } = command;
  const child = spawnCommand({
    words,
    ...(cwd !== null && { cwd }),
    env,
    stdio: ['ignore', output, output],
    isLeader: true,
  });
  for (const { closeWriteEnd } of pipes) closeWriteEnd();
  if (child instanceof Error) {
    for (const { readable } of pipes) readable.destroy();
    const ended = Promise.resolve({ code: null, signal: null, error: child });
    return { pid: undefined, outputs: [], ended, signal: () => true };
  }
  // If there are too many open files, there may be no sockets, either.
  const sockets = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return {
    pid: child.pid,
    outputs: [...pipes.map(({ readable }) => readable), ...sockets],
    ended: endOf(child),
    signal: (name) => signalGroup(child.pid, name),
  };
}

/** Sends SIGTERM to the whole group, and SIGKILL if the command has not ended after `killAfterMs`. */
export function stopGroup(
  child: { readonly ended: Promise<unknown>; signal(name: NodeJS.Signals): boolean },
  clock: Clock,
  killAfterMs: number,
): void {
  child.signal('SIGTERM');
  const stopTimer = clock.after(killAfterMs, () => child.signal('SIGKILL'));
  child.ended.finally(stopTimer).catch(() => {});
}

/** Resolves when all output was read, or after `atMostMs`, because processes left behind may keep the pipes open. */
export async function drained(outputs: readonly Readable[], clock: Clock, atMostMs: number): Promise<void> {
  const closed = outputs.map(
    (stream) => stream.closed || new Promise((resolve) => stream.once('close', resolve)),
  );
  await endsWithin(clock, atMostMs, Promise.all(closed));
}

function endOf(child: ChildProcess): Promise<GroupEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
