import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { APART } from './apart.ts';
import { endTree } from './process-group.ts';

/** A process as the system lists it. */
interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly isStopped: boolean;
  /** Distinguishes it from a later process with the same pid; always 0 if the system does not tell. */
  readonly startTicks: number;
}

/** Identifies a file or pipe. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** A command and everything that it has started, wherever that is now. */
export interface ProcessTree {
  /** Sends a signal to all that are left; returns false if we may not signal any of them. */
  signal(name: NodeJS.Signals): boolean;
  /** Tells whether the command is blocked, unstoppably, by a child that was stopped before its exec: see vfork(2). */
  isHeldByChild(): boolean;
}

/** How many times to look for new children of processes that were signalled. */
const ROUNDS = 5;

/**
 * Returns the tree of the process `root`, which is determined again for each signal: its descendants, processes that once were,
 * and orphans. An orphan is recognised by its group, if `root` leads one, or else, in our own group, by an open descriptor of
 * one of `outputs`.
 */
export function processTree(
  root: number,
  of: { readonly leadsGroup: boolean; readonly outputs: readonly FileIdentity[] },
  platform: NodeJS.Platform = process.platform,
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
      if (platform === 'win32') return endTree(root, name);
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

/** Sends a signal to one process; returns false if that is not allowed, true if the process is gone. */
export function signalProcess(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Tells whether a process was adopted by init, or by a subreaper. */
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

/** Returns the fields of /proc/PID/stat from the state on; null if there is no such process, or this is not Linux. */
export function processFields(pid: number | 'self'): string[] | null {
  try {
    // pid (name) state ppid …: the name may contain anything, including blanks and brackets.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .trim()
      .split(' ');
  } catch {
    return null;
  }
}

/** One option for each column, because POSIX takes everything after `=` in an option for the heading. */
const COLUMNS = ['pid=', 'ppid=', 'pgid=', 'stat='].flatMap((column) => ['-o', column]);

/** Lists processes with `ps`, on systems without /proc. */
export function listByPs(program = 'ps'): ListedProcess[] {
  const { stdout } = spawnSync(program, ['-A', ...COLUMNS], { ...APART, encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([pid]) => /^\d+$/u.test(pid ?? ''))
    .map(([pid, parent, group, state = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      isStopped: state.startsWith('T'),
      startTicks: 0,
    }));
}
