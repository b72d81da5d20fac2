import type { Clock } from '../clock.ts';
import { stopGroup } from '../io/group-child.ts';
import type { Io } from '../io/io.ts';

/** How a command ended: with an exit code, or by a signal, of which some have only a number. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** Whether it was interrupted before that by its terminal, or by a signal to our whole group. */
  readonly isInterrupted: boolean;
}

/** A running command. */
export interface Child {
  /** Rejects if the command cannot be started. */
  readonly ended: Promise<ChildEnd>;
  /** Sends a signal to the command alone, as `kill` would; false if it may not. */
  signal(name: NodeJS.Signals): boolean;
  /** Sends a signal to the command and all that it has started; false if it may not. */
  signalAll(name: NodeJS.Signals): boolean;
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
  /** Descriptors above standard error that the command gets under the same numbers. */
  readonly descriptors: readonly number[];
  /**
   * Hears every piece of output, as it comes and before it is passed on. A character may be cut in two. What is to be kept
   * of a piece is copied: its memory is given back at once.
   */
  readonly onOutput: (piece: Buffer, stream: OutputStream) => void;
  /** Called where a signal was not for us to send. */
  readonly onRefused: (name: NodeJS.Signals) => void;
  /** Takes out of a piece what our terminal should not see; only asked where the output goes to a terminal. */
  readonly filter?: (piece: Buffer) => Buffer;
}

/** Sends signals, and says of those that were refused. */
export function orRefused(
  send: (name: NodeJS.Signals) => boolean,
  { onRefused }: ChildOptions,
): (name: NodeJS.Signals) => boolean {
  return (name) => {
    const isAllowed = send(name);
    if (!isAllowed) onRefused(name);
    return isAllowed;
  };
}

/** How long a command may take to end after SIGTERM. */
export const KILL_AFTER_MS = 10_000;

/** Ends the command and all that it has started. */
export function stopChild(child: Child, clock: Clock): void {
  stopGroup({ ended: child.ended, signal: child.signalAll }, clock, KILL_AFTER_MS);
}
