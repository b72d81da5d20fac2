import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { processesBelow, tasksOf } from '../../io/child-processes.ts';
import { processFields } from '../../io/process-tree.ts';
import { stty } from '../../io/stty.ts';
import type { ForegroundProcess, TerminalModes } from './find-prompt.ts';
import { descriptorRead, readsByPlace } from './system-call.ts';

/** Limits the work for a build with thousands of processes. */
const MOST_PROCESSES = 32;
const DEV_TTY = 0x500;

/** The processes that have a command's terminal, and that terminal. */
export interface Foreground {
  readonly processes: readonly ForegroundProcess[];
  readonly modes: TerminalModes | null;
}

/** Returns what this process has started and what has a terminal now; empty if the system does not tell (not Linux). */
export async function lookAtForeground(): Promise<Foreground> {
  const processes: ForegroundProcess[] = [];
  let terminal = 0;
  for (const pid of await processesBelow(process.pid, MOST_PROCESSES)) {
    // state ppid pgrp session tty_nr tpgid
    const [state, , group, , device = '0', foreground] = processFields(pid) ?? [];
    if (state === undefined || state === 'Z' || device === '0' || group !== foreground) continue;
    terminal = Number(device);
    processes.push({ isAsleep: state === 'S', reads: await readBy(pid, terminal) });
  }
  return { processes, modes: processes.length > 0 ? await modesOf(terminal) : null };
}

/**
 * Finds out what a process reads: by the system call in which its threads wait, or else by the kernel function in which they
 * wait, which says less.
 */
async function readBy(pid: number, terminal: number): Promise<ForegroundProcess['reads']> {
  const threads = (await tasksOf(pid)).map((task) => `/proc/${pid}/task/${task}`);
  const calls = await Promise.all(threads.map((thread) => readText(`${thread}/syscall`)));
  if (calls.every((call) => call === null)) return readByPlace(pid, threads);
  for (const call of calls) {
    const fd = descriptorRead(call ?? '', process.arch);
    const device = fd === null ? null : await deviceAt(pid, fd);
    if (device === DEV_TTY) return '/dev/tty';
    if (device === terminal) return 'terminal';
  }
  return 'nothing';
}

async function deviceAt(pid: number, fd: number): Promise<number | null> {
  const found = await stat(`/proc/${pid}/fd/${fd}`).catch(() => null);
  return found?.isCharacterDevice() ? found.rdev : null;
}

async function readByPlace(pid: number, threads: readonly string[]): Promise<ForegroundProcess['reads']> {
  const places = await Promise.all(threads.map((thread) => readText(`${thread}/wchan`)));
  const reads = readsByPlace(places, await mayHoldSockets(pid));
  return reads === undefined ? 'unknown' : reads ? 'terminal' : 'nothing';
}

async function mayHoldSockets(pid: number): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => null);
  const targets = descriptors?.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => 'socket:'));
  return !targets || (await Promise.all(targets)).some((target) => target.startsWith('socket:'));
}

/** Returns the modes of a terminal, given its device number; null if it is not found under its usual name. */
async function modesOf(terminal: number): Promise<TerminalModes | null> {
  const path = pathOf(terminal);
  let opened: number;
  try {
    if (path === null) return null;
    opened = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    if (fstatSync(opened).rdev !== terminal) return null;
    const modes = (await stty(opened, ['-a']))?.split(/[\s;]+/u);
    return modes ? { isByLine: modes.includes('icanon'), isEchoed: modes.includes('echo') } : null;
  } finally {
    closeSync(opened);
  }
}

/** Returns the path of a terminal. Pseudo-terminals have the majors 136 to 143, the consoles 4. */
function pathOf(terminal: number): string | null {
  const major = (terminal >> 8) & 0xfff;
  const minor = (terminal & 0xff) | ((terminal >>> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `/dev/pts/${minor + (major - 136) * 0x100000}`;
  return major === 4 && minor < 64 ? `/dev/tty${minor}` : null;
}

function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
