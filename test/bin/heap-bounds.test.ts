import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '../../bin/heap-bounds.js');
/** Supersedes what it holds again and again; prints the largest heap beside that which was in use, in MiB. */
const REPLACE = `
  let held = [];
  let most = 0;
  for (let round = 0; round < 400; round += 1) {
    held = Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'x'.repeat(20) + round }));
    if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, process.memoryUsage().heapTotal);
  }
  process.stdout.write(String(Math.round(most / 2 ** 20)));
`;

function heapOf(script: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return Number(stdout);
}

it('keeps what was superseded from filling the heap', () => {
  const bounded = heapOf(
    `const { default: bounds } = await import(${JSON.stringify(MODULE)}); bounds.boundHeap();${REPLACE}`,
  );
  expect(bounded).toBeLessThan(heapOf(REPLACE) / 1.25);
});
