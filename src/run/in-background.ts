import { spawnSync } from 'node:child_process';
import type { Io } from '../io/io.ts';
import { processFields } from '../io/process-tree.ts';

/** A terminal that is open, but not the one of our session, is never taken away. */
const NO_TERMINAL = '-1';

/**
 * Whose our session's terminal is: our group's; somebody else's, since we were started with `&` or sent to the background
 * (setting or reading the terminal there gets us stopped by the system); or nobody's, since there is none.
 */
export function terminalState(): 'foreground' | 'background' | 'none' {
  // state ppid pgrp session tty_nr tpgid
  const fields = processFields('self');
  if (fields) {
    const [, , group, , , foreground] = fields;
    if (foreground === NO_TERMINAL) return 'none';
    return foreground === group ? 'foreground' : 'background';
  }
  // Not Linux. `ps` marks those in the foreground with a plus sign.
  const { stdout } = spawnSync('ps', ['-o', 'stat=,tty=', '-p', `${process.pid}`], { encoding: 'utf8' });
  const [state = '', terminal = '?'] = (stdout ?? '').trim().split(/\s+/u);
  if (terminal.startsWith('?')) return 'none';
  return state.includes('+') ? 'foreground' : 'background';
}

export function isInBackground(): boolean {
  return terminalState() === 'background';
}

/** Whether a command gets a pseudo-terminal of its own, behind which we hold ours. */
export function getsOwnTerminal({ stdin, stdout }: Io, isQuiet: boolean): boolean {
  return !isQuiet && stdin.isTTY && stdout.isTTY && !isInBackground();
}
