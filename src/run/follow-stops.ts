import type { Clock } from '../clock.ts';
import { signalGroup } from '../io/process-group.ts';
import { isStopped } from '../io/process-state.ts';
import { type ProcessTree, signalProcess } from '../io/process-tree.ts';
import type { Witness } from '../io/witness.ts';
import { onSignal } from './forward-signals.ts';
import { terminalState } from './in-background.ts';
import type { SessionChild } from './session-leader.ts';
import type { TerminalKeys } from './terminal-keys.ts';

/** We have been continued, or could not be stopped, at the latest so long after we stopped ourselves. */
const RESUMED_MS = 100;

/**
 * So long after Ctrl-Z a command is stopped that will be. A shell that has just forked is not: it waits for its child to
 * start something, and the child is stopped.
 */
const STOPPED_MS = 150;

/** A group that is continued goes on as a whole within so long. */
const CONTINUED_MS = 20;

/** What follows a command that is stopped and continued. */
export interface FollowedStops {
  /** Stops the command, and us with it, where its terminal cannot. */
  suspend(): void;
  stop(): void;
}

/**
 * Stops us whenever a command of our own group is stopped in the foreground, so that the shell notices. The command
 * decides: an editor tidies up first, others ignore Ctrl-Z. The shell continues the whole group.
 */
export function followStopsInGroup(
  pid: number,
  options: {
    readonly witness: Witness;
    readonly tree: ProcessTree;
    readonly clock: Clock;
    readonly signal: (name: NodeJS.Signals) => boolean;
  },
): () => void {
  const { witness, tree, clock, signal } = options;
  const stopUs = () => {
    if (terminalState() === 'foreground') process.kill(process.pid, 'SIGSTOP');
  };
  /** Looks twice: of a group that is continued, we may be the first to go on. */
  const stopIf = (isHeld: () => boolean, afterMs: number) => {
    clock.after(afterMs, () => {
      if (isHeld()) clock.after(CONTINUED_MS, () => isHeld() && stopUs());
    });
  };
  return inTurn([
    onSignal('SIGCHLD', () => stopIf(() => isStopped(pid), 0)),
    onSignal('SIGTSTP', () => {
      if (!witness.isStopped()) signal('SIGTSTP');
      stopIf(() => isStopped(pid), 0);
      stopIf(() => tree.isAnyStopped(), STOPPED_MS);
    }),
    onSignal('SIGCONT', () => void signal('SIGCONT')),
  ]);
}

/**
 * Stops us whenever a command in a terminal of its own is stopped there, and with us all of our group, as our terminal
 * would have done, unless the signal to stop was sent to us alone. Ours has its own modes meanwhile. After `fg` the command hears of a change of size, since
 * somebody else has drawn on the screen.
 */
export function followStops(session: SessionChild, tree: ProcessTree, keys: TerminalKeys): FollowedStops {
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
    stopUs();
  };
  const goOn = () => {
    isStopping = false;
    keys.take();
    signalGroup(pid, 'SIGCONT');
    signalGroup(pid, 'SIGWINCH');
  };
  let stopAsking = onSignal('SIGTSTP', ask);
  const stopUs = () => {
    keys.release();
    isStopping = true;
    if (!isAskedFor) {
      stopAsking();
      process.kill(0, 'SIGTSTP');
      stopAsking = onSignal('SIGTSTP', ask);
    } else process.kill(process.pid, 'SIGSTOP');
    isAskedFor = false;
    // A group whose shell is gone is not stopped by a key: nor is the command then.
    keys.clock.after(RESUMED_MS, () => isStopping && goOn());
  };
  session.onStop(stopUs);
  keys.onSuspend(() => {
    keys.clock.after(STOPPED_MS, () => !isStopping && tree.isAnyStopped() && stopUs());
  });
  const stopListening = onSignal('SIGCONT', goOn);
  return { suspend, stop: inTurn([stopListening, () => stopAsking()]) };
}

function inTurn(actions: readonly (() => void)[]): () => void {
  return () => {
    for (const action of actions) action();
  };
}
