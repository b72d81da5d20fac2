import type { Clock } from '../clock.ts';
import { signalGroup } from '../io/process-group.ts';
import { isStopped } from '../io/process-state.ts';
import { type ProcessTree, signalProcess } from '../io/process-tree.ts';
import { onSignal } from './forward-signals.ts';
import { terminalState } from './in-background.ts';
import type { Passing } from './pass-on.ts';
import type { SessionChild } from './session-leader.ts';
import type { TerminalKeys } from './terminal-keys.ts';
import type { Witness } from './witness.ts';

/** This long after we stopped ourselves, we have been continued, or could not be stopped. */
const RESUMED_MS = 100;

/**
 * For this long after Ctrl-Z, a shell that has just forked may be suspended by its child (vfork), and cannot be stopped itself.
 */
const HELD_MS = 150;

/** Follows a command that is stopped and continued. */
export interface FollowedStops {
  /** Stops the command, and us with it, if its terminal cannot do so. */
  suspend(): void;
  stop(): void;
}

/**
 * Stops us whenever a command of our own group is stopped in the foreground, so that the shell notices. The command decides: an
 * editor tidies up first, and other programs ignore Ctrl-Z. The shell continues the whole group.
 */
export function followStopsInGroup(
  pid: number,
  options: {
    readonly witness: Witness;
    readonly tree: ProcessTree;
    readonly passing: Passing;
    readonly clock: Clock;
    readonly signal: (name: NodeJS.Signals) => boolean;
    /** Called before we are stopped. */
    readonly tidyUp: () => void;
  },
): () => void {
  const { witness, tree, passing, clock, signal, tidyUp } = options;
  /** Looks twice, a moment apart: when a group is continued, we may run before the command does. */
  const stopIf = async (isHeld: () => boolean) => {
    if (!isHeld() || terminalState() !== 'foreground') return;
    await passing.settle();
    if (!isHeld()) return;
    tidyUp();
    process.kill(process.pid, 'SIGSTOP');
  };
  return inTurn([
    onSignal('SIGCHLD', () => void stopIf(() => isStopped(pid))),
    onSignal('SIGTSTP', () => {
      if (!witness.isStopped()) signal('SIGTSTP');
      void stopIf(() => isStopped(pid));
      clock.after(HELD_MS, () => void stopIf(() => tree.isHeldByChild()));
    }),
    // If the whole group was continued, so was the command, and it may count how often.
    onSignal('SIGCONT', () => void (isStopped(pid) && signal('SIGCONT'))),
  ]);
}

/**
 * Stops us whenever a command in a terminal of its own is stopped there. The rest of our group is stopped too, as our terminal
 * would have done, unless the signal was sent to us alone. Meanwhile our terminal has its own modes back. After `fg`, the
 * command is told of a change of size, because somebody else has drawn on the screen.
 */
export function followStops(options: {
  readonly session: SessionChild;
  readonly tree: ProcessTree;
  readonly passing: Passing;
  readonly keys: TerminalKeys;
  readonly clock: Clock;
}): FollowedStops {
  const { session, tree, passing, keys, clock } = options;
  const { pid } = session;
  let isAskedFor = false;
  let isStopping = false;

  const ask = () => {
    isAskedFor = true;
    if (session.hasJobControl) signalProcess(pid, 'SIGTSTP');
    else suspend();
  };
  const suspend = () => {
    signalGroup(pid, 'SIGSTOP');
    void stopUs();
  };
  const goOn = () => {
    isStopping = false;
    keys.take();
    session.goOn();
  };
  let stopAsking = onSignal('SIGTSTP', ask);
  const stopUs = async () => {
    isStopping = true;
    await passing.settle();
    keys.release();
    if (!isAskedFor) {
      stopAsking();
      process.kill(0, 'SIGTSTP');
      stopAsking = onSignal('SIGTSTP', ask);
    } else process.kill(process.pid, 'SIGSTOP');
    isAskedFor = false;
    // A key does not stop a group whose shell is gone, so the command is not stopped either.
    clock.after(RESUMED_MS, () => isStopping && goOn());
  };
  session.onStop(() => void stopUs());
  keys.onSuspend(() => {
    clock.after(HELD_MS, () => {
      if (!isStopping && tree.isHeldByChild()) void stopUs();
    });
  });
  const stopListening = onSignal('SIGCONT', goOn);
  return { suspend, stop: inTurn([stopListening, () => stopAsking()]) };
}

function inTurn(actions: readonly (() => void)[]): () => void {
  return () => {
    for (const action of actions) action();
  };
}
