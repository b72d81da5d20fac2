import type { Clock } from '../clock.ts';
import { stopGroup } from '../io/group-child.ts';
import type { Io } from '../io/io.ts';

/** How a command ended: with an exit code, or by a signal. Some signals have only a number. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** Whether its terminal, or a signal to our whole group, had interrupted it before. */
  readonly isInterrupted: boolean;
}

/** A running command. */
export interface Child {
  /** Rejects if the command cannot be started. */
  readonly ended: Promise<ChildEnd>;
  /** Sends a signal to the command alone, as `kill` would; returns false if that is not permitted. */
  signal(name: NodeJS.Signals): boolean;
  /** Sends a signal to the command and everything that it has started; returns false if that is not permitted. */
  signalAll(name: NodeJS.Signals): boolean;
  /** Types into the command's terminal, for example the reply to a query; absent if we do not hold its terminal. */
  type?(bytes: Uint8Array): void;
}

/** Where a piece of output comes from. In a terminal, both outputs are one. */
export type OutputStream = 'stdout' | 'stderr' | 'terminal';

export interface ChildOptions {
  /** The command and its arguments. */
  readonly words: readonly string[];
  readonly io: Io;
  /** The output is not passed on. */
  readonly isQuiet: boolean;
  /** Descriptors above standard error that the command gets under the same numbers. */
  readonly descriptors: readonly number[];
  /**
   * Called with every piece of output, as it arrives and before it is passed on. A character may be cut in two. Copy what you
   * keep of a piece: its memory is freed at once.
   */
  readonly onOutput: (piece: Buffer, stream: OutputStream) => void;
  /** Called when we were not permitted to send a signal. */
  readonly onRefused: (name: NodeJS.Signals) => void;
  /** Removes from a piece what our terminal should not see; called only if the output goes to a terminal. */
  readonly filter?: (piece: Buffer) => Buffer;
}

/** Sends signals, and reports those that were refused. */
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

/** Ends the command and everything that it has started. */
export function stopChild(child: Child, clock: Clock): void {
  stopGroup({ ended: child.ended, signal: child.signalAll }, clock, KILL_AFTER_MS);
}
