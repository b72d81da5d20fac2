import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { jsonObject } from '../model/json.ts';

/** A process, told from every other one before and after it, on this machine and elsewhere. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's ticks since the boot: a pid is used again, but not with the same start. */
  readonly startTicks: number;
  /** The boot's id. */
  readonly boot: string;
  /** The process namespace in which the pid counts: each container has its own. */
  readonly namespace: string;
  /** A hash of the machine's id and name: an id alone is copied with an image. */
  readonly machine: string;
}

/** This process; null if the system does not tell (anything but Linux). */
export function ownProcess(): ProcessIdentity | null {
  own ??= { identity: readOwn() };
  return own.identity;
}

let own: { readonly identity: ProcessIdentity | null } | undefined;

/**
 * Tells whether the process that `raw` (a `ProcessIdentity` from outside) names is surely gone: it ended, its pid
 * belongs to another one by now, or the machine was restarted. False if that cannot be known, as of another machine or
 * container.
 */
export function isProcessGone(raw: unknown): boolean {
  const there = decodeIdentity(raw);
  const here = there && ownProcess();
  if (!there || !here || there.machine !== here.machine || there.namespace !== here.namespace) return false;
  if (there.boot !== here.boot) return true;
  try {
    process.kill(there.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  // Another user's process may be hidden: then nothing is known of it but that it is there.
  const found = readStat(there.pid);
  return found !== null && (found.isDead || found.startTicks !== there.startTicks);
}

/**
 * Returns the pid of the process that `raw` (a `ProcessIdentity` from outside) names if that is another one than this, and
 * surely alive; null if it is gone, or that cannot be known.
 */
export function livingOther(raw: unknown): number | null {
  const there = decodeIdentity(raw);
  const here = there && ownProcess();
  if (!there || !here || isProcessGone(there) || there.boot !== here.boot) return null;
  const isHere = there.machine === here.machine && there.namespace === here.namespace;
  return isHere && there.pid !== here.pid ? there.pid : null;
}

/**
 * Tells whether a process is there that has this pid and started at `startTicks`, so that a pid that was given to another
 * one is not taken for it. Where the start is not known (null), or the system does not tell it, the pid alone decides.
 */
export function isProcessThere(pid: number, startTicks: number | null): boolean {
  const found = readStat(pid);
  if (found) return !found.isDead && (startTicks === null || found.startTicks === startTicks);
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may be hidden.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function decodeIdentity(raw: unknown): ProcessIdentity | null {
  const { pid, startTicks, boot, namespace, machine } = jsonObject(raw) ?? {};
  if (!isWhole(pid) || pid === 0 || !isWhole(startTicks)) return null;
  if (typeof boot !== 'string' || typeof namespace !== 'string' || typeof machine !== 'string') return null;
  return { pid, startTicks, boot, namespace, machine };
}

function isWhole(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0;
}

function readOwn(): ProcessIdentity | null {
  try {
    const stat = readStat('self');
    if (!stat) return null;
    return {
      pid: process.pid,
      startTicks: stat.startTicks,
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      namespace: readlinkSync('/proc/self/ns/pid'),
      machine: machineHash(),
    };
  } catch {
    return null;
  }
}

/** Returns the machine's id, hashed, as the system's manual asks: the id itself is nobody else's business. */
function machineHash(): string {
  return createHash('sha256').update(`taskglass ${machineId()} ${hostname()}`).digest('hex').slice(0, 16);
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Reads what the system says of a process; null if there is no such process, or it is not shown to us. */
function readStat(pid: number | 'self'): { readonly startTicks: number; readonly isDead: boolean } | null {
  try {
    // pid (name) state …: the name may hold anything, also blanks and brackets. The start is the 22nd field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ');
    const startTicks = Number(fields[19]);
    // What has ended stays as a zombie until its parent asks for it, in a container without an init for ever.
    return Number.isSafeInteger(startTicks) ? { startTicks, isDead: /^[ZXx]$/u.test(fields[0] ?? '') } : null;
  } catch {
    return null;
  }
}
