import { join } from 'node:path';
import type { Terminal } from '../test/helpers/terminal.ts';
import { type Figure, median, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit, watch } from './program.ts';
import { manyTasks, type StateTask, writeStateFile } from './state-file.ts';

/** By then, the news of the first frame is over, but no task counts as silent yet. */
const SETTLE_MS = 4_000;
const WATCHED_S = 20;
const CHANGES = 20;

/** Measures what an open screen costs while little or nothing happens. */
export async function measureQuiet(): Promise<Figure[]> {
  return [
    ...(await measureWindow('a quiet screen (20 ended tasks)', manyTasks(20, 'completed'), {
      bytes: 0,
      cpu: 0.3,
    })),
    ...(await measureWindow('20 running tasks, all silent', manyTasks(20, 'running'), {
      bytes: 60,
      cpu: 0.5,
    })),
    ...(await measureWindow(
      '20 running tasks, one update a second',
      manyTasks(20, 'running'),
      { bytes: 600, cpu: 5 },
      updates,
    )),
    await measureChangedRow(),
  ];
}

type Bounds = { readonly bytes: number; readonly cpu: number };
/** Does something to the watched file meanwhile; the returned function stops it. */
type Meanwhile = (file: string, tasks: readonly StateTask[]) => () => void;

function measureWindow(
  what: string,
  tasks: StateTask[],
  bounds: Bounds,
  meanwhile?: Meanwhile,
): Promise<Figure[]> {
  return withScreen(tasks, async (terminal, file) => {
    const stop = meanwhile?.(file, tasks);
    const { bytesPerSecond, cpuPercent } = await watch(terminal, WATCHED_S);
    stop?.();
    return [
      {
        what,
        measured: `${short(bytesPerSecond)} bytes/s`,
        value: bytesPerSecond,
        bound: bounds.bytes,
        unit: ' bytes/s',
      },
      { what, measured: `${short(cpuPercent)} % CPU`, value: cpuPercent, bound: bounds.cpu, unit: ' %' },
    ];
  });
}

/** One task after the other makes a percent of progress every second. */
function updates(file: string, tasks: readonly StateTask[]): () => void {
  let current = tasks;
  let count = 0;
  const timer = setInterval(() => {
    current = advanced(current, count % tasks.length);
    writeStateFile(file, current);
    count += 1;
  }, 1000);
  return () => clearInterval(timer);
}

/**
 * Measures the bytes for the progress of one task on a screen of 40 rows; the median leaves out what the clock changes
 * meanwhile.
 */
function measureChangedRow(): Promise<Figure> {
  return withScreen(manyTasks(40, 'running'), async (terminal, file, tasks) => {
    const sizes: number[] = [];
    let current = tasks;
    for (let change = 0; change < CHANGES; change++) {
      const before = terminal.bytes;
      current = advanced(current, 3);
      writeStateFile(file, current);
      await pause(500);
      sizes.push(terminal.bytes - before);
    }
    const what = 'one changed task on a screen of 40 rows';
    return { what, measured: `${median(sizes)} bytes`, value: median(sizes), bound: 300, unit: ' bytes' };
  });
}

type Work<T> = (terminal: Terminal, file: string, tasks: readonly StateTask[]) => Promise<T>;

function withScreen<T>(tasks: readonly StateTask[], work: Work<T>): Promise<T> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'state.json');
    writeStateFile(file, tasks);
    const terminal = openTaskglass(folder, ['state.json']);
    await terminal.until('Task number');
    await pause(SETTLE_MS);
    const result = await work(terminal, file, tasks);
    await quit(terminal);
    return result;
  });
}

function advanced(tasks: readonly StateTask[], index: number): StateTask[] {
  return tasks.map((task, at) => (at === index ? { ...task, progress: (task.progress ?? 0) + 1 } : task));
}
