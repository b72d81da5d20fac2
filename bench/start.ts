import { join } from 'node:path';
import { openTerminal } from '../test/helpers/terminal.ts';
import { type Figure, median, short } from './figure.ts';
import { inScratchFolder, openTaskglass, quit } from './program.ts';
import { manyTasks, writeStateFile } from './state-file.ts';

const ROUNDS = 15;

/** From the start to the first frame with a state file, against `node -e 0` of the same Node in turn. */
export function measureStart(): Promise<Figure[]> {
  return inScratchFolder(async (folder) => {
    writeStateFile(join(folder, 'state.json'), manyTasks(10, 'running'));
    await firstFrameMs(folder); // fills the compile cache
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareNodeMs());
      ours.push(await firstFrameMs(folder));
    }
    const ratio = median(ours) / median(bare);
    return [
      {
        what: 'start to first frame, a state file',
        measured: `${short(ratio)}× bare node (${short(median(ours))} ms against ${short(median(bare))} ms)`,
        value: ratio,
        bound: 8,
        unit: '×',
      },
    ];
  });
}

async function firstFrameMs(folder: string): Promise<number> {
  const start = performance.now();
  const terminal = openTaskglass(folder, ['state.json']);
  const at = await terminal.until('Task number 7');
  await quit(terminal);
  return at - start;
}

async function bareNodeMs(): Promise<number> {
  const start = performance.now();
  const terminal = openTerminal(process.execPath, ['-e', '0']);
  await terminal.exitCode;
  terminal.dispose();
  return performance.now() - start;
}
