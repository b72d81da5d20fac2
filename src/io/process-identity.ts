import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { jsonObject } from '../model/json.ts';
import { createMacProcesses, type MacProcesses, type ProcessStat } from './mac-processes.ts';

/** Identifies a process among all others, earlier and later ones, on this machine and elsewhere. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * When it started, in the kernel's ticks since the boot, or in epoch seconds on macOS: a pid may be reused, but not with the
   * same start.
   */
  readonly startTicks: number;
  /** The id of the machine's current boot. */
  readonly boot: string;
  /** The process namespace to which the pid belongs: each container has its own. */
  readonly namespace: string;
  /** A hash of the machine's id, on Linux also of its name, because the id is copied with an image. */
  readonly machine: string;
}

/** What the system tells about processes. */
export interface ProcessSystem {
  /** Returns this process; null if the system does not tell. */
  own(): ProcessIdentity | null;
  /** Returns what is known about another process; null if there is none, or it is hidden from us. */
  stat(pid: number): ProcessStat | null;
}

/** Returns this process; null if the system does not tell (anything but Linux and macOS). */
export function ownProcess(): ProcessIdentity | null {
  return thisSystem.own();
}

/**
 * Tells whether the process that `raw` (a `ProcessIdentity` from outside) names is certainly gone: it has ended, its pid was
 * reused, or the machine was restarted. False if that is not known, as for another machine or container.
 */
export function isProcessGone(raw: unknown, system: ProcessSystem = thisSystem): boolean {
  const there = decodeIdentity(raw);
  const here = there && system.own();
  if (!there || !here || there.machine !== here.machine || there.namespace !== here.namespace) return false;
  if (there.boot !== here.boot) return true;
  try {
    process.kill(there.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  // Another user's process may be hidden: then we only know that it exists.
  const found = system.stat(there.pid);
  return found !== null && (found.isDead || found.startTicks !== there.startTicks);
}

/**
 * Returns the pid of the process that `raw` (a `ProcessIdentity` from outside) names, if it is not this one and certainly alive;
 * null if it is gone, or that is not known.
 */
export function livingOther(raw: unknown, system: ProcessSystem = thisSystem): number | null {
  const there = decodeIdentity(raw);
  const here = there && system.own();
  if (!there || !here || isProcessGone(there, system) || there.boot !== here.boot) return null;
  const isHere = there.machine === here.machine && there.namespace === here.namespace;
  return isHere && there.pid !== here.pid ? there.pid : null;
}

/**
 * Tells whether there is a process with this pid that started at `startTicks`, so that a reused pid is not mistaken for it. If
 * the start is not known (null), or the system does not tell it, the pid alone decides.
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

/** Creates a system that determines this process only once. */
function createSystem(readOwn: () => ProcessIdentity | null, stat: ProcessSystem['stat']): ProcessSystem {
  let own: { readonly identity: ProcessIdentity | null } | undefined;
  return {
    own() {
      own ??= { identity: readOwn() };
      return own.identity;
    },
    stat,
  };
}

/** Creates the system of macOS, which has no namespaces, and where the machine's name changes with the network. */
export function createMacSystem(processes: MacProcesses): ProcessSystem {
  const readOwn = (): ProcessIdentity | null => {
    const [stat, boot, machine] = [processes.stat(process.pid), processes.boot(), processes.machine()];
    if (!stat || boot === null || machine === null) return null;
    return {
      pid: process.pid,
      startTicks: stat.startTicks,
      boot,
      namespace: 'darwin',
      machine: hashOf(machine),
    };
  };
  return createSystem(readOwn, processes.stat);
}

const thisSystem: ProcessSystem =
  process.platform === 'darwin' ? createMacSystem(createMacProcesses()) : createSystem(readOwnStat, readStat);

function readOwnStat(): ProcessIdentity | null {
  try {
    const stat = readStat('self');
    if (!stat) return null;
    return {
      pid: process.pid,
      startTicks: stat.startTicks,
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      namespace: readlinkSync('/proc/self/ns/pid'),
      machine: hashOf(`${machineId()} ${hostname()}`),
    };
  } catch {
    return null;
  }
}

/** Returns a hash of the machine's id, because machine-id(5) asks programs to keep the id itself confidential. */
function hashOf(machine: string): string {
  return createHash('sha256').update(`taskglass ${machine}`).digest('hex').slice(0, 16);
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Reads what the system tells about a process; null if there is none, or it is hidden from us. */
function readStat(pid: number | 'self'): ProcessStat | null {
  try {
    // pid (name) state …: the name may contain anything, including blanks and brackets. The start is the 22nd field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ');
    const startTicks = Number(fields[19]);
    // A process that has ended stays as a zombie until its parent collects it: in a container without an init, for ever.
    return Number.isSafeInteger(startTicks) ? { startTicks, isDead: /^[ZXx]$/u.test(fields[0] ?? '') } : null;
  } catch {
    return null;
  }
}
