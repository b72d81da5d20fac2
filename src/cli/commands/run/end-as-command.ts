import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ChildEnd } from '../../../run/child.ts';

/**
 * Makes this process end by SIGINT, as its command did, and with it the scripts that run us: they would take an exit code for
 * an answer, and a loop would go on. A key has reached nobody but the command; what its group received, they received, too.
 */
export function endByInterrupt(by: NonNullable<ChildEnd['interruptedBy']>): void {
  process.once('exit', () => {
    process.removeAllListeners('SIGINT');
    process.kill(by === 'key' ? 0 : process.pid, 'SIGINT');
  });
}

/**
 * Keeps Node from setting the terminal's modes back at the exit to those of our start: the command may have changed them
 * for good, and a job in the background would take them from what is in the foreground by then. It only does so for
 * terminals that are open still.
 */
export function leaveTerminalAlone(): void {
  process.once('exit', () => {
    for (const fd of [0, 1, 2].filter(isatty)) {
      closeSync(fd);
      openSync('/dev/null', 'r+'); // under the same number, the lowest that is free
    }
  });
}
