import { closeSync, fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Io } from '../io/io.ts';
import type { FileIdentity } from '../io/process-tree.ts';
import { openPseudoTerminal, type PseudoTerminal, type TerminalSize } from '../io/pseudo-terminal.ts';
import { openRealPipes } from '../io/real-pipe.ts';
import type { OutputStream } from './child.ts';

/** One of a command's outputs, and where it goes. */
export interface Channel {
  readonly stream: OutputStream;
  readonly from: Readable;
  /** null if the output is only read, and not passed on. */
  readonly to: NodeJS.WriteStream | null;
}

/** A command's two outputs. Each is what it would be without us: a terminal if ours is one, else a pipe. */
export interface Outputs {
  /** Standard output and error as the command gets them. */
  readonly stdio: readonly [number | 'pipe', number | 'pipe'];
  readonly channels: readonly Channel[];
  /** The identities of those ends, by which other processes can be seen to hold them. */
  readonly identities: readonly FileIdentity[];
  /** The terminals among them. */
  readonly terminals: readonly PseudoTerminal[];
  /** Call this once the command has its ends, or could not be started. */
  closeEnds(): void;
}

/**
 * Opens the outputs for a command. If both of ours lead to the same place, the command gets one for both, so that their order
 * is kept. `own` is the command's own terminal, if it has one, and is used for outputs that are terminals. Without it, such an
 * output is a terminal that processes nothing, since ours does that.
 */
export async function openOutputs(io: Io, isQuiet: boolean, own: PseudoTerminal | null): Promise<Outputs> {
  const ours = [io.stdout, io.stderr] as const;
  const isOne = leadToOnePlace(1, 2);
  const terminals: PseudoTerminal[] = [];
  const channels: Channel[] = [];
  const ends: number[] = [];
  const closeEnds: (() => void)[] = [];
  const isTerminal = (to: NodeJS.WriteStream) => to.isTTY && !isQuiet;
  const pipes = await openRealPipes(ours.slice(0, isOne ? 1 : 2).filter((to) => !isTerminal(to)).length);

  function add(from: Readable, to: NodeJS.WriteStream, end: number, isBoth: boolean): number {
    const name = to === io.stdout ? 'stdout' : 'stderr';
    channels.push({ from, to: isQuiet ? null : to, stream: isBoth && to.isTTY ? 'terminal' : name });
    ends.push(end);
    return end;
  }

  async function open(to: NodeJS.WriteStream, isBoth: boolean): Promise<number | 'pipe'> {
    if (isTerminal(to) && own) return endOf(own);
    const terminal = isTerminal(to) ? await openPseudoTerminal(sizeOf(to), ['-opost']) : null;
    if (terminal) {
      terminals.push(terminal);
      return add(terminal.master, to, endOf(terminal), isBoth);
    }
    const pipe = pipes.shift() ?? (await openRealPipes(1))[0];
    if (!pipe) return 'pipe';
    closeEnds.push(pipe.closeWriteEnd);
    return add(pipe.readable, to, pipe.writeEnd, isBoth);
  }

  function endOf(terminal: PseudoTerminal): number {
    const end = terminal.openEnd();
    closeEnds.push(() => closeSync(end));
    return end;
  }

  const out = await open(ours[0], isOne);
  const err = isOne && typeof out === 'number' ? out : await open(ours[1], false);
  return {
    stdio: [out, err],
    channels,
    identities: ends.map((end) => fstatSync(end)),
    terminals,
    closeEnds() {
      for (const close of closeEnds) close();
    },
  };
}

/** Returns the size of the terminal behind a stream, or the usual one. */
export function sizeOf({ columns, rows }: NodeJS.WriteStream): TerminalSize {
  return { columns: columns || 80, rows: rows || 24 };
}

function leadToOnePlace(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false; // one of them is closed
  }
}
