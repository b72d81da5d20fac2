import { join } from 'node:path';
import { type Figure, percentile, short } from './figure.ts';
import { inScratchFolder, openTaskglass, pause, quit } from './program.ts';
import { manyTasks, writeStateFile } from './state-file.ts';

const PRESSES = 100;
/** Down through the list, past the end of the screen, and back. */
const KEYS = ['j', 'j', 'j', 'k', '\x1b[6~', 'j', '\x1b[5~', 'G', 'k', 'g'];

/** Measures the time from a key press to its frame, with few and with many tasks. */
export async function measureKeys(): Promise<Figure[]> {
  const few = percentile(await keyDelays(100), 95);
  const many = percentile(await keyDelays(10_000), 95);
  return [
    {
      what: 'key to frame, 10,000 tasks, p95',
      measured: `${short(many)} ms`,
      value: many,
      bound: 50,
      unit: ' ms',
    },
    {
      what: 'the same against 100 tasks',
      measured: `${short(many / few)}× (${short(many)} ms against ${short(few)} ms)`,
      value: many / few,
      bound: 1.5,
      unit: '×',
    },
  ];
}

function keyDelays(tasks: number): Promise<number[]> {
  return inScratchFolder(async (folder) => {
    writeStateFile(join(folder, 'state.json'), manyTasks(tasks, 'running'));
    const terminal = openTaskglass(folder, ['state.json']);
    await terminal.until('Task number');
    await pause(2000);
    const delays: number[] = [];
    for (let press = 0; press < PRESSES; press++) {
      const before = terminal.bytes;
      const start = performance.now();
      terminal.type(KEYS[press % KEYS.length] ?? 'j');
      delays.push((await terminal.until(() => terminal.bytes > before)) - start);
      await pause(60 + Math.random() * 80);
    }
    await quit(terminal);
    return delays;
  });
}
