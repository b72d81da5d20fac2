import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit, watch } from './program.ts';
import { manyTasks, type StateTask, writeStateFile } from './state-file.ts';

const TASKS = 30;
const EVERY_MS = 50;
/** By then, compiling and learning at the start are over. */
const SETTLE_MS = 10_000;
const WATCHED_S = 30;

/** Measures what an open screen costs while everything on it moves twenty times a second. */
export function measureMoving(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'state.json');
    let tasks: readonly StateTask[] = manyTasks(TASKS, 'running');
    writeStateFile(file, tasks);
    const terminal = openTaskglass(folder, ['state.json']);
    await terminal.until('Task number');
    const timer = setInterval(() => {
      tasks = tasks.map((task) => ({ ...task, progress: ((task.progress ?? 0) + 1) % 100 }));
      writeStateFile(file, tasks);
    }, EVERY_MS);
    await pause(SETTLE_MS);
    const { bytesPerSecond, cpuPercent } = await watch(terminal, WATCHED_S);
    const megabytes = residentMegabytes(terminal.pid);
    clearInterval(timer);
    await quit(terminal);
    const what = `${TASKS} tasks that all move ${1_000 / EVERY_MS} times a second`;
    return [
      { what, measured: `${short(cpuPercent)} % of a core`, value: cpuPercent, bound: 12, unit: ' %' },
      {
        what,
        measured: `${short(bytesPerSecond / 1_000)} KB/s`,
        value: bytesPerSecond / 1_000,
        bound: 60,
        unit: ' KB/s',
      },
      { what, measured: `${short(megabytes)} MB`, value: megabytes, bound: 160, unit: ' MB' },
    ];
  });
}

/** Returns the memory that a process uses now. Linux only. */
function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_000;
}
