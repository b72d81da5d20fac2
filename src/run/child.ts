import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Io } from '../io/io.ts';
import { signalGroup } from '../io/process-group.ts';
import { withoutSecrets } from '../io/without-secrets.ts';

/** How a command ended: with an exit code, or by a signal, of which some have only a number. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: number | null;
}

/** A command that runs in a process group of its own. */
export interface Child {
  /** Rejects where the command cannot be started. */
  readonly ended: Promise<ChildEnd>;
  /** Sends a signal to every process of the group; false where it may not. */
  signal(name: NodeJS.Signals): boolean;
}

export interface ChildOptions {
  /** The command and its arguments. */
  readonly words: readonly string[];
  readonly io: Io;
  /** Keep the output to ourselves. */
  readonly isQuiet: boolean;
  /** Hears every piece of output, as it comes. */
  readonly onOutput: (piece: string) => void;
}

/** How long a command may take to end after SIGTERM. */
export const KILL_AFTER_MS = 10_000;

/** SIGTERM, and SIGKILL to whoever is still there ten seconds later. */
export function stopChild(child: Child, clock: Clock): void {
  child.signal('SIGTERM');
  const stopTimer = clock.after(KILL_AFTER_MS, () => child.signal('SIGKILL'));
  child.ended.finally(stopTimer).catch(() => {});
}

/** Starts a command over pipes: standard output and error stay apart, and it is told to keep its colours. */
export function startPiped({ words, io, isQuiet, onOutput }: ChildOptions): Child {
  const colours = io.stdout.isTTY && !io.env.NO_COLOR ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : {};
  const [command = '', ...args] = words;
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      cwd: io.cwd,
      env: { ...colours, ...withoutSecrets(io.env) },
      stdio: ['inherit', 'pipe', 'pipe'],
      detached: true,
    });
  } catch (error) {
    // Some refusals of the system come at once, others as an event.
    return { ended: Promise.reject(error), signal: () => true };
  }

  // Where there are too many open files there are no pipes either.
  if (child.stdout) passOn(child.stdout, isQuiet ? null : io.stdout, onOutput, io.clock);
  if (child.stderr) passOn(child.stderr, isQuiet ? null : io.stderr, onOutput, io.clock);
  return {
    ended: new Promise((resolve, reject) => {
      const end = (exitCode: number | null, signal: NodeJS.Signals | null) =>
        resolve({ exitCode, signal: signal && constants.signals[signal] });
      child.once('error', reject);
      child.once('close', end);
      // A daemon that it leaves behind holds the pipes open, but the command is over.
      child.once('exit', (...how) => void io.clock.after(DRAIN_MS, () => end(...how)));
    }),
    signal: (name) => signalGroup(child.pid, name),
  };
}

/** How long after a command's end its output may still come. */
const DRAIN_MS = 500;

/** Unseen by a reader, but a command that writes line by line then costs far fewer writes than it prints lines. */
const GATHER_MS = 10;
const GATHERED_BYTES = 64 * 1024;

/**
 * Hands output on, gathered for a moment, and never faster than `to` takes it. Where `to` takes nothing any more, `from` is
 * closed: the command learns of it at its next write, as it would by itself.
 */
function passOn(
  from: Readable,
  to: NodeJS.WriteStream | null,
  onOutput: (piece: string) => void,
  clock: Clock,
): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let stopTimer: (() => void) | null = null;

  function flush(): void {
    stopTimer?.();
    stopTimer = null;
    const gathered = Buffer.concat(pieces, bytes);
    pieces = [];
    bytes = 0;
    if (gathered.length === 0) return;
    onOutput(gathered.toString());
    if (!to || to.write(gathered)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }

  const close = () => void from.destroy();
  to?.on('error', close);
  from.on('close', () => to?.off('error', close));
  from.on('data', (piece: Buffer) => {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= GATHERED_BYTES) flush();
    else stopTimer ??= clock.after(GATHER_MS, flush);
  });
  from.on('end', flush);
}
