import { expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { createMonitor } from '../../src/monitor.ts';
import { taskLine } from '../../src/present/lines.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import { allEntries } from '../../src/store/state.ts';
import { makeTask } from '../helpers/task.ts';

it('a line of the log is a line, however long the result', async () => {
  const source = createMemorySource({ id: sourceId('m') });
  const monitor = createMonitor({ sources: [source], clock: createFakeClock(0) });
  const result = plainText(`${'x'.repeat(5_000)}\nmore`);
  source.put(makeTask('t', { name: plainName('Long'), state: { status: 'completed', endedAt: 1, result } }));
  await expect.poll(() => allEntries(monitor.getState()).length).toBe(1);
  const lines = allEntries(monitor.getState()).map((entry) => taskLine(entry, null));
  expect(lines).toEqual([`completed   100%  Long · ${'x'.repeat(199)}…  [m]`]);
  await monitor.close();
});
