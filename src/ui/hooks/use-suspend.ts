import { useApp } from 'ink';
import { useCallback, useEffect, useRef } from 'react';
import type { Clock } from '../../clock.ts';

/** If nobody could continue us, the system ignores the stop: then we go on after this time. */
const STOP_TAKES_MS = 100;
/** The process group of 0 is the sender's own: a whole job stops, as when Ctrl-Z is no key. */
const WHOLE_JOB = 0;

/**
 * Lets the program be stopped and continued like any other: the terminal is handed back before it stops and taken
 * again when it goes on. The returned function does what Ctrl-Z does if it is not read as a key.
 */
export function useSuspend(options: {
  readonly clock: Clock;
  /** The keyboard, which is lent to others meanwhile. */
  readonly lent: { readonly handBack: () => void; readonly takeAgain: () => void };
  readonly onResume: () => void;
}): () => void {
  const { clock, onResume } = options;
  const { handBack: lend, takeAgain } = options.lent;
  const { suspendTerminal } = useApp();
  const isSuspended = useRef(false);

  const handBack = useCallback(
    async (meanwhile: () => Promise<void>) => {
      if (isSuspended.current) return;
      isSuspended.current = true;
      lend();
      const terminal = await suspendTerminal();
      await meanwhile();
      isSuspended.current = false;
      onResume();
      takeAgain();
      await terminal.resume();
    },
    [lend, takeAgain, onResume, suspendTerminal],
  );

  const stop = useCallback(
    (target: number) => {
      void handBack(async () => {
        const handlers = process.listeners('SIGTSTP');
        process.removeAllListeners('SIGTSTP'); // with a handler in place, the signal would not stop us
        process.kill(target, 'SIGTSTP');
        await continued(clock);
        for (const handler of handlers) process.on('SIGTSTP', handler);
      });
    },
    [clock, handBack],
  );

  useEffect(() => {
    const onStop = () => stop(process.pid);
    // Stopped without a warning (SIGSTOP): the shell has set the terminal to its own liking in the meantime.
    const onContinue = () => void handBack(async () => {});
    process.on('SIGTSTP', onStop);
    process.on('SIGCONT', onContinue);
    return () => {
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onContinue);
    };
  }, [handBack, stop]);

  return useCallback(() => stop(WHOLE_JOB), [stop]);
}

function continued(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      process.off('SIGCONT', done);
      cancel();
      resolve();
    };
    const cancel = clock.after(STOP_TAKES_MS, done);
    process.once('SIGCONT', done);
  });
}
