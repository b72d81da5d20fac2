import { spawnSync } from 'node:child_process';
import { APART } from './apart.ts';
import { processFields } from './process-tree.ts';

/** The flag of a process that has begun to end. */
const EXITING = 0x4;
/** Far more than a process needs to end, even if it has to free gigabytes of memory. */
const MOST_LOOKS = 2_000;

/** Tells whether a process is stopped, as by Ctrl-Z. */
export function isStopped(pid: number): boolean {
  const fields = processFields(pid);
  if (fields) return fields[0] === 'T';
  if (process.platform === 'linux') return false;
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { ...APART, encoding: 'utf8' });
  return (stdout ?? '').trim().startsWith('T');
}

/**
 * Returns the signal that ended a child, if the event loop has not collected its status yet; else null. Node reports exit code 0
 * for real-time signals, which have no names. To be called when the last of the child's outputs was closed, which is before the
 * event loop learns of its end. Waits if the child is just ending.
 */
export function signalThatEnded(pid: number): number | null {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const fields = processFields(pid);
    if (!fields) return null;
    // Field 52 is the status as in wait(2), whose lowest seven bits are the signal.
    if (fields[0] === 'Z') return Number(fields[49]) & 0x7f || null;
    if ((Number(fields[6]) & EXITING) === 0) return null;
  }
  return null;
}
