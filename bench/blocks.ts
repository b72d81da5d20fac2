import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BEAT_MS = 4;
/** Shorter ones are not recorded. */
const NOTED_FROM_MS = 15;

/** Runs in the measured program: records how late its timer was, which is how long the event loop was busy. */
const HEARTBEAT = `
const { isMainThread } = require('node:worker_threads');
if (isMainThread) {
  const { appendFileSync } = require('node:fs');
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const late = now - last - ${BEAT_MS};
    last = now;
    if (late > ${NOTED_FROM_MS}) appendFileSync(process.env.BENCH_BLOCKS, late.toFixed(1) + '\\n');
  }, ${BEAT_MS}).unref();
}`;

/** Tells for how long at a time a program's event loop was blocked. */
export interface Blocks {
  /** The environment with which the program has to be started. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns the blocks since the last call, ms; only those that somebody could notice. */
  take(): number[];
}

export function createBlocks(folder: string): Blocks {
  const [script, notes] = [join(folder, 'heartbeat.cjs'), join(folder, 'blocks.txt')];
  writeFileSync(script, HEARTBEAT);
  writeFileSync(notes, '');
  return {
    env: { NODE_OPTIONS: `--require=${script}`, BENCH_BLOCKS: notes },
    take() {
      const lines = readFileSync(notes, 'utf8').split('\n').filter(Boolean).map(Number);
      writeFileSync(notes, '');
      return lines;
    },
  };
}
