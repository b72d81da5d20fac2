import { readFileSync } from 'node:fs';
import path from 'node:path';

/** SIGHUP's bit in a mask of signals. */
const SIGHUP_BIT = 1n;

/**
 * Tells whether we are to outlive the terminal: under `nohup`, or in a script under it. Node does not tell, because it resets
 * ignored signals before our code runs. What remains is the name of what the shell started and, on Linux, the signals that our
 * parent ignores.
 */
export function isUnderNohup(process: NodeJS.Process): boolean {
  if (process.stdout.isTTY) return false;
  return path.basename(process.env._ ?? '') === 'nohup' || ignoresHangup(process.ppid);
}

function ignoresHangup(pid: number): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & SIGHUP_BIT) !== 0n;
  } catch {
    return false; // not Linux, or the parent is gone
  }
}
