import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second, on every Linux on which Node runs. */
const TICKS_PER_SECOND = 100;

/** Returns the processor time that a process and its descendants have used so far, in seconds. Linux only. */
export function processorSeconds(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + ticksOf(member), 0) / TICKS_PER_SECOND;
}

function treeOf(root: number): number[] {
  const parents = new Map(allPids().map((pid) => [pid, Number(fieldsOf(pid)[1])]));
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || belongs(parents.get(pid)));
  return [...parents.keys()].filter(belongs);
}

function allPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function ticksOf(pid: number): number {
  const fields = fieldsOf(pid);
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0); // user and system time
}

/** Returns the fields of `/proc/PID/stat` after the command's name, from the state on; empty if the process is gone. */
function fieldsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}
