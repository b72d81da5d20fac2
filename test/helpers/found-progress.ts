import { type Clock, systemClock } from '../../src/clock.ts';
import type { OutputStream } from '../../src/run/child.ts';
import type { Progress } from '../../src/run/progress/progress.ts';
import { createProgressReader } from '../../src/run/progress/progress-reader.ts';

/** Returns what a reader makes of a command's output, piece by piece: the whole after each piece that changed it. */
export function readOutput(
  pieces: readonly (string | Buffer)[],
  options: {
    readonly stream?: OutputStream;
    readonly settleEach?: boolean;
    readonly rows?: number;
    readonly clock?: Clock;
    readonly answer?: (reply: string) => void;
  } = {},
) {
  const wholes: (number | null)[] = [];
  const reader = createProgressReader({
    clock: options.clock ?? systemClock,
    rows: options.rows,
    answer: options.answer,
    onProgress: () => wholes.push(wholeOf(reader.progress)),
  });
  for (const piece of pieces) {
    reader.read(Buffer.from(piece), options.stream ?? 'terminal');
    if (options.settleEach) reader.settle();
  }
  reader.end();
  return {
    progress: reader.progress,
    standing: reader.standing,
    whole: wholeOf(reader.progress),
    wholes,
    steps: stepsOf(reader.progress),
  };
}

/** Returns the progress of all steps together, rounded down to a tenth; null if nothing is known. */
export function wholeOf({ steps }: Progress): number | null {
  if (steps.length === 0) return null;
  const weights = steps.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const done = steps.reduce(
    (sum, { status, percent, weight = 1 }) => sum + weight * (status === 'completed' ? 100 : (percent ?? 0)),
    0,
  );
  return Math.floor((done / weights) * 10 + 1e-6) / 10;
}

/** Returns each step in short: its name, the first letter of its status, its percentage. */
function stepsOf({ steps }: Progress): string[] {
  return steps.map(
    ({ name, status, percent }) =>
      `${name ?? ''}:${status.charAt(0)}${percent === null ? '' : Math.floor(percent)}`,
  );
}
