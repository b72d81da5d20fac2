import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { startGuard } from './end-with-us.ts';
import { drained, type GroupCommand, type GroupEnd, stopGroup } from './group-child.ts';
import { signalGroup } from './process-group.ts';
import { spawnCommand } from './spawn-command.ts';

/** A running program, whose output we read while we write to it. */
export interface PipedCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Returns the last line that it wrote to standard error, unsanitised; '' if there is none. */
  lastComplaint(): string;
  /** Resolves when the program has ended and its standard error was read. Its output may still be unread. */
  readonly ended: Promise<GroupEnd>;
  /** Ends it, with everything that it has started. Resolves once it has ended. */
  stop(): Promise<void>;
}

/** How long a program may take to end after SIGTERM, ms. */
const KILL_AFTER_MS = 1_000;
/** How long after a program's end to read the standard error of processes that it has left behind, ms. */
const DRAIN_MS = 200;
const COMPLAINT_CHARACTERS = 4 * 1024;

/**
 * Starts a program in a process group of its own, which ends when the program does, and with us. Returns the system's error if
 * it could not be started; a later error is reported by `ended`.
 */
export function startPiped({ words, cwd, env }: GroupCommand, clock: Clock): PipedCommand | Error {
  const child = spawnCommand({
    words,
    ...(cwd !== null && { cwd }),
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    isLeader: true,
  });
  if (child instanceof Error) return child;
  const { stdin, stdout, stderr, pid } = child;
  if (!stdin || !stdout || !stderr) return new Error('it has no pipes');
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
  const guard = startGuard();
  if (pid !== undefined) guard.watch(pid);
  let complaints = '';
  stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaints = (complaints + piece).slice(-COMPLAINT_CHARACTERS);
  });
  const signal = (name: NodeJS.Signals) => signalGroup(pid, name);
  const ended = new Promise<GroupEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, by) => resolve({ code, signal: by }));
  }).then(async (end) => {
    signal('SIGKILL'); // processes that it has left behind
    if (!end.error) await drained([stderr], clock, DRAIN_MS);
    stderr.destroy();
    stdin.destroy();
    guard.release();
    return end;
  });
  return {
    stdin,
    stdout,
    lastComplaint: () => lastLineOf(complaints),
    ended,
    async stop() {
      stopGroup({ ended, signal }, clock, KILL_AFTER_MS);
      await ended;
      stdout.destroy();
    },
  };
}

/** Returns the last line that is not blank. */
export function lastLineOf(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
