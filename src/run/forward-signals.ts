import { isUnderNohup } from '../io/nohup.ts';
import type { Child } from './child.ts';

/** What a shell or a person sends to a command, and means the command by. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Passes signals on to the command, which has a process group of its own and would not hear them. Suspending stops
 * the command first and then us; both go on together. The returned function ends it.
 */
export function forwardSignals(child: Child): () => void {
  const forwarded = FORWARDED.filter((name) => name !== 'SIGHUP' || !isUnderNohup(process));
  const undo = forwarded.map((name) => on(name, () => child.signal(name)));
  undo.push(
    on('SIGTSTP', () => {
      child.signal('SIGTSTP');
      process.kill(process.pid, 'SIGSTOP');
    }),
    on('SIGCONT', () => child.signal('SIGCONT')),
  );
  return () => {
    for (const stop of undo) stop();
  };
}

function on(name: NodeJS.Signals, listener: () => void): () => void {
  process.on(name, listener);
  return () => process.removeListener(name, listener);
}
