import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A terminal that is open, but not the one of our session, is never taken away. */
const NO_TERMINAL = '-1';

/**
 * Whether the terminal is somebody else's now: we were started with `&`, or sent to the background with Ctrl-Z and `bg`.
 * Whoever sets or reads the terminal there is stopped by the system.
 */
export function isInBackground(): boolean {
  try {
    // pid (name) state ppid pgrp session tty_nr tpgid: the name may hold anything, also blanks and brackets.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ');
    return foreground !== NO_TERMINAL && foreground !== group;
  } catch {
    // Not Linux. `ps` marks who is in the foreground with a plus sign.
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${process.pid}`], { encoding: 'utf8' });
    return /^\s*[A-Z][^+]*$/u.test(stdout ?? '');
  }
}
