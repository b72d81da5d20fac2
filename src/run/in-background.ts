import { spawnSync } from 'node:child_process';
import { APART } from '../io/apart.ts';
import type { Io } from '../io/io.ts';
import { processFields } from '../io/process-tree.ts';

/**
 * The foreground group (`tpgid`) of a process without a terminal. An open terminal that is not our session's is never taken
 * away from us.
 */
const NO_TERMINAL = '-1';

/**
 * Tells who has our session's terminal: our process group (`foreground`); another group, because we were started with `&` or
 * sent to the background, where the system would stop us for reading from it or configuring it (`background`); or nobody,
 * because the session has none (`none`).
 */
export function terminalState(): 'foreground' | 'background' | 'none' {
  // state ppid pgrp session tty_nr tpgid
  const fields = processFields('self');
  if (fields) {
    const [, , group, , , foreground] = fields;
    if (foreground === NO_TERMINAL) return 'none';
    return foreground === group ? 'foreground' : 'background';
  }
  // Not Linux: `ps` marks processes in the foreground with a plus sign.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'tty=', '-p', `${process.pid}`], {
    ...APART,
    encoding: 'utf8',
  });
  const [state = '', terminal = '?'] = (stdout ?? '').trim().split(/\s+/u);
  if (terminal.startsWith('?')) return 'none';
  return state.includes('+') ? 'foreground' : 'background';
}

export function isInBackground(): boolean {
  return terminalState() === 'background';
}

/** Tells whether a command gets a pseudo-terminal of its own, while we hold the user's. */
export function getsOwnTerminal({ stdin, stdout }: Io, isQuiet: boolean): boolean {
  return !isQuiet && stdin.isTTY && stdout.isTTY && !isInBackground();
}
