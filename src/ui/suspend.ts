import { constants } from 'node:os';
import type { Clock } from '../clock.ts';

/** If nobody could continue us, the system ignores the stop; after this time we go on. */
const STOP_TAKES_MS = 100;
/** Process group 0 is the sender's own, so the whole job stops, as it would if the terminal handled Ctrl-Z. */
const WHOLE_JOB = 0;

/** Lets the program be stopped and continued like any other. */
export interface Suspension {
  /** Does what Ctrl-Z does when the terminal handles it. */
  stop(): void;
  close(): void;
}

/**
 * `handBack` gives the terminal to others before the program stops; `takeAgain` takes it back when the program continues.
 */
export function createSuspension(options: {
  readonly clock: Clock;
  readonly handBack: () => void;
  readonly takeAgain: () => void;
  /** The system's signals; by default, those of this system. Windows has none that stops a program. */
  readonly signals?: Readonly<Record<string, number>>;
}): Suspension {
  const { clock, handBack, takeAgain, signals = constants.signals } = options;
  if (signals.SIGTSTP === undefined) return { stop() {}, close() {} };
  let isSuspended = false;
  let isClosed = false;

  async function suspended(meanwhile: () => Promise<void>): Promise<void> {
    if (isSuspended) return;
    isSuspended = true;
    handBack();
    await meanwhile();
    isSuspended = false;
    if (!isClosed) takeAgain();
  }

  const stop = (target: number) =>
    void suspended(async () => {
      process.off('SIGTSTP', onStop); // with a handler in place, the signal would not stop us
      process.kill(target, 'SIGTSTP');
      await continued(clock);
      if (!isClosed) process.on('SIGTSTP', onStop);
    });
  const onStop = () => stop(process.pid);
  /** After a stop without a warning (SIGSTOP), the shell has changed the terminal's modes meanwhile. */
  const onContinue = () => void suspended(async () => {});

  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinue);
  return {
    stop: () => stop(WHOLE_JOB),
    close() {
      isClosed = true;
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onContinue);
    },
  };
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
