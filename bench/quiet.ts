import { join } from 'node:path';
import type { Terminal } from '../test/helpers/terminal.ts';
import { type Figure, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit, watch } from './program.ts';
import { manyTasks, type StateTask, writeStateFile } from './state-file.ts';

/** Long enough for the first frame's news to be over, short of the time after which a task counts as silent. */
const SETTLE_MS = 4_000;
const WATCHED_S = 20;
const CHANGES = 20;

/** What an open screen costs while little or nothing happens. */
export async function measureQuiet(): Promise<Figure[]> {
  return [
    ...(await measureWindow('a quiet screen (20 ended tasks)', manyTasks(20, 'completed'), {
      bytes: 0,
      cpu: 0.3,
    })),
    ...(await measureWindow('20 running tasks, all silent', manyTasks(20, 'running'), {
      bytes: 400,
      cpu: 2,
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

function updates(file: string, tasks: readonly StateTask[]): () => void {
  let count = 0;
  const timer = setInterval(() => {
    writeStateFile(file, withProgress(tasks, count % tasks.length, 51 + (count % 40)));
    count += 1;
  }, 1000);
  return () => clearInterval(timer);
}

/** Bytes for one row of 40 that changes. */
function measureChangedRow(): Promise<Figure> {
  const tasks = manyTasks(40, 'running');
  return withScreen(
    tasks,
    async (terminal, file) => {
      const before = terminal.bytes;
      for (let change = 1; change <= CHANGES; change++) {
        writeStateFile(file, withProgress(tasks, 3, 50 + change));
        await pause(500);
      }
      const perChange = (terminal.bytes - before) / CHANGES;
      return {
        what: 'one changed row of 40',
        measured: `${short(perChange)} bytes`,
        value: perChange,
        bound: 300,
        unit: ' bytes',
      };
    },
    60,
  );
}

function withScreen<T>(
  tasks: readonly StateTask[],
  work: (terminal: Terminal, file: string) => Promise<T>,
  rows = 40,
): Promise<T> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'state.json');
    writeStateFile(file, tasks);
    const terminal = openTaskglass(folder, ['state.json'], { rows });
    await terminal.until('Task number');
    await pause(SETTLE_MS);
    const result = await work(terminal, file);
    await quit(terminal);
    return result;
  });
}

function withProgress(tasks: readonly StateTask[], index: number, progress: number): StateTask[] {
  return tasks.map((task, at) => (at === index ? { ...task, progress } : task));
}
