import { isUnderNohup } from '../io/nohup.ts';
import type { Child } from './child.ts';
import type { Witness } from './witness.ts';

/** The signals that a shell or a person sends to us and means for the command. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const;

/**
 * Meant for everything that runs, like the keys that send them: a shell that waits for another command would not end before it.
 */
const FOR_ALL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** Signals that are being passed on. */
export interface Forwarding {
  /** Whether our group, and the command with it, has been interrupted since. */
  isInterrupted(): boolean;
  /** Sends a signal to our whole group, as a terminal would. The command already has it. */
  spread(name: 'SIGINT' | 'SIGQUIT'): void;
  stop(): void;
}

/**
 * Passes signals that we receive on to the command. A signal to our whole group has already reached it if it is in our group; a
 * `witness` there tells. Sending it twice would be wrong, because a second Ctrl-C means something else than the first.
 */
export function forwardSignals(
  { signal, signalAll }: Pick<Child, 'signal' | 'signalAll'>,
  witness: Witness | null,
): Forwarding {
  let isInterrupted = false;
  const own: NodeJS.Signals[] = [];
  const isReached = async (name: NodeJS.Signals) => {
    const index = own.indexOf(name);
    if (index === -1) return (await witness?.isReached()) ?? false;
    own.splice(index, 1);
    return true;
  };
  const forward = async (name: NodeJS.Signals) => {
    if (await isReached(name)) {
      isInterrupted ||= name === 'SIGINT' || name === 'SIGQUIT';
      return;
    }
    if (FOR_ALL.has(name)) signalAll(name);
    else signal(name);
  };
  const forwarded = FORWARDED.filter((name) => name !== 'SIGHUP' || !isUnderNohup(process));
  const undo = forwarded.map((name) => onSignal(name, () => void forward(name)));
  return {
    isInterrupted: () => isInterrupted,
    spread(name) {
      own.push(name);
      isInterrupted = true;
      process.kill(0, name);
    },
    stop() {
      for (const stop of undo) stop();
    },
  };
}

/** Listens for a signal to this process until the returned function is called. */
export function onSignal(name: NodeJS.Signals, listener: () => void): () => void {
  process.on(name, listener);
  return () => void process.removeListener(name, listener);
}
