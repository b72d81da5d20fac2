import type { Clock } from '../clock.ts';
import { signalKeysOf, stty, sttySync } from '../io/stty.ts';
import { isInBackground } from './in-background.ts';

/** How soon keys are taken again after `fg`, which sends nothing to a job that was running in the background. */
const LOOK_EVERY_MS = 500;
const STDIN = 0;
/** The terminal processes neither input nor output: the command's own terminal does. */
const RAW = ['raw', '-echo', '-iexten'];

/** Our terminal, while its keys go to a command. */
export interface TerminalKeys {
  /** The modes that it had, as `stty` takes them. */
  readonly modes: readonly string[];
  /** Gives the keys to the command, now or as soon as we are in the foreground. */
  take(): void;
  /** Leaves the terminal as it was, unless somebody else has it by now. */
  release(): void;
  /** Releases it for good. */
  close(): void;
  /** Calls `listener` when a key was pressed that suspends a command, unless the command uses that key for something else. */
  onSuspend(listener: () => void): void;
  /** The same for a key that interrupts it. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGQUIT') => void): void;
}

/** Reads our terminal's modes. Keys are not taken yet. */
export async function openKeys(
  stdin: NodeJS.ReadStream,
  clock: Clock,
  onKeys: (keys: Buffer) => void,
): Promise<TerminalKeys> {
  let saved = await stty(STDIN, ['-g']);
  const signalKeys = signalKeysOf(saved ?? '');
  let isTaking = false;
  let onInterrupt: ((signal: 'SIGINT' | 'SIGQUIT') => void) | undefined;
  let onSuspend: (() => void) | undefined;
  let stopTimer = () => {};
  const listen = (keys: Buffer) => {
    if (keys.includes(signalKeys.interrupt)) onInterrupt?.('SIGINT');
    if (keys.includes(signalKeys.quit)) onInterrupt?.('SIGQUIT');
    if (keys.includes(signalKeys.suspend)) onSuspend?.();
    onKeys(keys);
  };
  stdin.on('data', listen).pause();

  function take(): void {
    stopTimer();
    if (isInBackground()) {
      stopTimer = clock.after(LOOK_EVERY_MS, take);
      return;
    }
    if (!isTaking) saved = sttySync(STDIN, ['-g']) ?? saved;
    isTaking = true;
    // Set every time: whoever stopped us from outside left no time to tidy up, and a shell has had the terminal since.
    sttySync(STDIN, RAW);
    stdin.resume();
  }

  function release(): void {
    stopTimer();
    stdin.pause();
    if (isTaking && saved !== null && !isInBackground()) sttySync(STDIN, [saved]);
    isTaking = false;
  }

  return {
    modes: saved === null ? [] : [saved],
    take,
    release,
    close() {
      release();
      stdin.off('data', listen);
    },
    onSuspend(listener) {
      onSuspend = listener;
    },
    onInterrupt(listener) {
      onInterrupt = listener;
    },
  };
}
