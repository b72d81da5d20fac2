import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Makes this process end by SIGINT, as its command did: scripts that run us would take an exit code for an answer, and
 * a loop would go on.
 */
export function endByInterrupt(): void {
  process.once('exit', () => {
    process.removeAllListeners('SIGINT');
    process.kill(process.pid, 'SIGINT');
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
