import type { Io } from '../../io/io.ts';
import { tellTerminal } from '../../io/print.ts';
import { isMute, type KnownTerminal } from './known-terminal.ts';
import { passedThrough } from './sequences.ts';

/** The terminal as the channels write to it. */
export interface TerminalLink {
  /** Returns what is known about it, which is found out with the first call. */
  known(): Promise<KnownTerminal>;
  /** Whether there is no terminal, or one that would show the sequences as text. */
  readonly isMute: boolean;
  write(sequence: string): void;
  /** Wraps a sequence so that a multiplexer passes it on to the terminal around it. */
  through(sequence: string): string;
}

export function createTerminalLink(
  io: Pick<Io, 'stdout' | 'env'>,
  find: () => Promise<KnownTerminal>,
  multiplexer: KnownTerminal['multiplexer'],
): TerminalLink {
  let found: Promise<KnownTerminal> | null = null;
  return {
    known() {
      found ??= find();
      return found;
    },
    isMute: !io.stdout.isTTY || isMute(io.env),
    write: (sequence) => tellTerminal(io, sequence),
    through: (sequence) => passedThrough(sequence, multiplexer),
  };
}
