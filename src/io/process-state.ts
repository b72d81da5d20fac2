import { spawnSync } from 'node:child_process';
import { processFields } from './process-tree.ts';

/** Set in a process's flags from the moment it begins to end. */
const EXITING = 0x4;
/** The end of a process takes far less, even of one with gigabytes of memory to give back. */
const MOST_LOOKS = 2_000;

/** Whether a process is stopped, as by Ctrl-Z. */
export function isStopped(pid: number): boolean {
  const fields = processFields(pid);
  if (fields) return fields[0] === 'T';
  if (process.platform === 'linux') return false;
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
  return (stdout ?? '').trim().startsWith('T');
}

/**
 * Returns the signal that has ended a child, if its parent's event loop has not asked for it yet; else null. Node names no
 * real-time signals: it takes such an end for exit code 0. To be asked when the last of its outputs has been closed, and so
 * before the loop hears of its end. If it is just about to end, this waits for it.
 */
export function signalThatEnded(pid: number): number | null {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const fields = processFields(pid);
    if (!fields) return null;
    // Field 52 is the status as wait(2) tells it, whose lowest seven bits are the signal.
    if (fields[0] === 'Z') return Number(fields[49]) & 0x7f || null;
    if ((Number(fields[6]) & EXITING) === 0) return null;
  }
  return null;
}
