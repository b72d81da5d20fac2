import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { drained, type GroupChild, startInGroup, stopGroup } from '../io/group-child.ts';
import type { Io } from '../io/io.ts';

/** How a command ended: with an exit code, or by a signal, of which some have only a number. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: number | null;
}

/** A command that runs in a process group of its own. */
export interface Child {
  /** Rejects if the command cannot be started. */
  readonly ended: Promise<ChildEnd>;
  /** Sends a signal to every process of the group; false if it may not. */
  signal(name: NodeJS.Signals): boolean;
  /** Types into the command's terminal, as the reply to a query is; absent where we do not hold its terminal. */
  type?(bytes: Uint8Array): void;
}

/** Where a piece of output comes from: in a terminal both outputs are one. */
export type OutputStream = 'stdout' | 'stderr' | 'terminal';

export interface ChildOptions {
  /** The command and its arguments. */
  readonly words: readonly string[];
  readonly io: Io;
  /** Keep the output to ourselves. */
  readonly isQuiet: boolean;
  /** Hears every piece of output, as it comes and before it is passed on. A character may be cut in two. */
  readonly onOutput: (piece: Buffer, stream: OutputStream) => void;
  /** Takes out of a piece what our terminal should not see; only asked where the output goes to a terminal. */
  readonly filter?: (piece: Buffer) => Buffer;
}

/** How long a command may take to end after SIGTERM. */
const KILL_AFTER_MS = 10_000;
/** How long after a command's end its output may still come. */
const DRAIN_MS = 500;

/** Ends the command and all that it has started. */
export function stopChild(child: Child, clock: Clock): void {
  stopGroup(child, clock, KILL_AFTER_MS);
}

/** Starts a command over pipes: standard output and error stay apart, and it is told to keep its colours. */
export async function startPiped({ words, io, isQuiet, onOutput, filter }: ChildOptions): Promise<Child> {
  const colours = io.stdout.isTTY && !io.env.NO_COLOR ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : {};
  const env = { ...colours, ...io.env };
  const child = await startInGroup({ words, cwd: io.cwd, env, stdin: 'inherit', outputs: 'apart' });
  const [stdout, stderr] = child.outputs;
  const copy = (from: Readable, to: NodeJS.WriteStream, name: OutputStream) =>
    passOn(from, isQuiet ? null : to, {
      onOutput: (piece) => onOutput(piece, name),
      filter: to.isTTY ? filter : undefined,
      clock: io.clock,
    });
  if (stdout) copy(stdout, io.stdout, 'stdout');
  if (stderr) copy(stderr, io.stderr, 'stderr');
  return { ended: untilOver(child, io.clock), signal: child.signal };
}

/** A daemon that the command leaves behind holds the pipes open, but the command is over. */
async function untilOver({ ended, outputs }: GroupChild, clock: Clock): Promise<ChildEnd> {
  const { code, signal, error } = await ended;
  if (error) throw error;
  await drained(outputs, clock, DRAIN_MS);
  return { exitCode: code, signal: signal && constants.signals[signal] };
}

/** Unseen by a reader, but a command that writes line by line then costs far fewer writes than it prints lines. */
const GATHER_MS = 10;
const GATHERED_BYTES = 64 * 1024;

interface Passing {
  readonly onOutput: (piece: Buffer) => void;
  readonly filter: ((piece: Buffer) => Buffer) | undefined;
  readonly clock: Clock;
}

/**
 * Hands output on, gathered for a moment, and never faster than `to` takes it. If `to` takes nothing any more, `from` is
 * closed: the command learns of it at its next write, as it would by itself.
 */
function passOn(from: Readable, to: NodeJS.WriteStream | null, { onOutput, filter, clock }: Passing): void {
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
    onOutput(gathered);
    if (!to || to.write(filter ? filter(gathered) : gathered)) return;
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
