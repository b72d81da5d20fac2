import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';

/** A process as the system lists it. */
interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly isStopped: boolean;
  /** Tells it from a later process with the same pid; always 0 where the system does not say. */
  readonly startTicks: number;
}

/** A file or pipe, told from every other. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** A command and all that it has started, wherever that is now. */
export interface ProcessTree {
  /** Sends a signal to each of them that is left; false if none may be signalled by us. */
  signal(name: NodeJS.Signals): boolean;
  /** Whether the command waits, and cannot be stopped, for a child that is stopped before it has begun: see vfork(2). */
  isHeldByChild(): boolean;
}

/** New children of those that have been signalled are looked for so many times. */
const ROUNDS = 5;

/**
 * Returns the tree of the process `root`, which is looked up anew with each signal: those that descend from it, those
 * that were seen to, and those whose parent is gone. The latter are known by their group, if `root` leads one, else, in
 * our own group, by one of `outputs` that they still hold.
 */
export function processTree(
  root: number,
  of: { readonly leadsGroup: boolean; readonly outputs: readonly FileIdentity[] },
): ProcessTree {
  const known = new Map<number, number>();
  const isKnown = ({ pid, startTicks }: ListedProcess) => known.get(pid) === startTicks;

  function find(): ListedProcess[] {
    const all = listProcesses();
    const alive = new Set(all.map(({ pid }) => pid));
    const ownGroup = all.find(({ pid }) => pid === process.pid)?.group;
    const isOurs = (candidate: ListedProcess) =>
      candidate.pid === root ||
      isKnown(candidate) ||
      (of.leadsGroup && candidate.group === root) ||
      (candidate.group === ownGroup && isOrphan(candidate, alive) && holdsOneOf(candidate.pid, of.outputs));
    const found = all.filter((candidate) => candidate.pid !== process.pid && isOurs(candidate));
    for (const parent of found) {
      found.push(...all.filter((child) => child.parent === parent.pid && !found.includes(child)));
    }
    return found;
  }

  return {
    isHeldByChild() {
      const found = processFields(root)?.[0] === 'D' ? find() : [];
      return found.some(({ isStopped, parent }) => isStopped && parent === root);
    },
    signal(name) {
      let isAllowed = true;
      const signalled = new Set<number>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const next = find().filter(({ pid }) => !signalled.has(pid));
        for (const { pid, startTicks } of next) {
          known.set(pid, startTicks);
          signalled.add(pid);
        }
        const answers = next.map(({ pid }) => signalProcess(pid, name));
        if (round === 0 && next.length > 0) isAllowed = answers.includes(true);
        if (next.length === 0) break;
      }
      return isAllowed;
    },
  };
}

/** Sends a signal to one process; false if we may not. One that is gone needs none. */
export function signalProcess(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Adopted by init, or by whatever adopts in its place. */
function isOrphan({ parent }: ListedProcess, alive: ReadonlySet<number>): boolean {
  return parent <= 1 || !alive.has(parent);
}

function holdsOneOf(pid: number, outputs: readonly FileIdentity[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const { dev, ino } = statSync(`/proc/${pid}/fd/${fd}`, { throwIfNoEntry: false }) ?? {};
      return outputs.some((output) => output.dev === dev && output.ino === ino);
    });
  } catch {
    return false;
  }
}

function listProcesses(): ListedProcess[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .map((name) => readProcess(Number(name)))
      .filter((found) => found !== null);
  } catch {
    return listByPs();
  }
}

function readProcess(pid: number): ListedProcess | null {
  const fields = processFields(pid);
  if (!fields || fields[0] === 'Z') return null;
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    isStopped: fields[0] === 'T',
    startTicks: Number(fields[19]),
  };
}

/** The fields of /proc/PID/stat from the state on; null if there is no such process, or no Linux. */
export function processFields(pid: number | 'self'): string[] | null {
  try {
    // pid (name) state ppid …: the name may hold anything, also blanks and brackets.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .trim()
      .split(' ');
  } catch {
    return null;
  }
}

function listByPs(): ListedProcess[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return (stdout ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .map(([pid, parent, group, state = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      isStopped: state.startsWith('T'),
      startTicks: 0,
    }));
}
