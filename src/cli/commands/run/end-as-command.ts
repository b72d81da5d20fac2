import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Ends this process by SIGINT, as its command ended: a script would take an exit code to mean that the interrupt was
 * handled, and its loop would go on.
 */
export function endByInterrupt(): void {
  process.once('exit', () => {
    process.removeAllListeners('SIGINT');
    process.kill(process.pid, 'SIGINT');
  });
}

/**
 * Keeps Node from restoring, at its exit, the modes that the terminal had at our start. The command may have changed them on
 * purpose, and a job in the background would disturb whatever is in the foreground by then. Node does so only for terminals
 * that are still open.
 */
export function leaveTerminalAlone(): void {
  process.once('exit', () => {
    for (const fd of [0, 1, 2].filter(isatty)) {
      closeSync(fd);
      openSync('/dev/null', 'r+'); // gets the same number, because it is the lowest free one
    }
  });
}
