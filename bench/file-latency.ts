import { join } from 'node:path';
import { type Figure, percentile, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';
import { manyTasks, writeStateFile } from './state-file.ts';

const UPDATES = 150;

/** Measures the time from a file's replacement to the change on a screen of 38 rows. */
export function measureFileLatency(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    const file = join(folder, 'state.json');
    const tasks = manyTasks(38, 'running');
    writeStateFile(file, tasks);
    const terminal = openTaskglass(folder, ['state.json'], { rows: 44 });
    const delays = await renamingDelays(terminal, file, tasks);
    await quit(terminal);
    return latencyFigures('file change to glass', delays, { p90: 10, p99: 20 });
  });
}

/** Renames a task of the file again and again; returns how long each change took to reach the screen, ms. */
export async function renamingDelays(
  terminal: ReturnType<typeof openTaskglass>,
  file: string,
  tasks: ReturnType<typeof manyTasks>,
): Promise<number[]> {
  await terminal.until('Task number 7');
  await pause(1500);
  const delays: number[] = [];
  for (let update = 0; update < UPDATES; update++) {
    const marker = `Marker ${update} `;
    const renamed = tasks.map((task, index) => (index === 7 ? { ...task, taskName: marker } : task));
    const start = performance.now();
    writeStateFile(file, renamed);
    delays.push((await terminal.until(marker.trim())) - start);
    await pause(100 + Math.random() * 200);
  }
  return delays;
}

export function latencyFigures(
  what: string,
  delays: readonly number[],
  bounds: { p90: number; p99: number },
): Figure[] {
  const [p50, p90, p99] = [50, 90, 99].map((percent) => percentile(delays, percent)) as [
    number,
    number,
    number,
  ];
  const measured = `p50 ${short(p50)}, p90 ${short(p90)}, p99 ${short(p99)} ms (${delays.length} times)`;
  return [
    { what: `${what}, p90`, measured, value: p90, bound: bounds.p90, unit: ' ms' },
    { what: `${what}, p99`, measured, value: p99, bound: bounds.p99, unit: ' ms' },
  ];
}
