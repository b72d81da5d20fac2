import { afterEach, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { plainName, words } from '../../src/model/text.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import type { Scene } from '../helpers/scenes.ts';
import { closeScreens, HALF_PAST_TWO, openScreen } from '../helpers/screen.ts';
import { makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

const failedAt = (minutesAgo: number) =>
  ({ status: 'failed', error: words`disk full`, endedAt: HALF_PAST_TWO - minutesAgo * 60_000 }) as const;

const scene: Scene = () => {
  const source = createMemorySource({ id: sourceId('runs') });
  source.put(makeTask('failed', { name: plainName('Hash the archive'), state: failedAt(90) }));
  source.put(
    makeTask('review', {
      name: plainName('Build the page'),
      state: { status: 'completed', endedAt: HALF_PAST_TWO - 60_000, result: null },
      review: true,
    }),
  );
  source.put(makeTask('running', { name: plainName('Sort the index') }));
  source.live();
  return [source];
};

const rows = (lines: string[]) =>
  lines.filter((line) => /^[› ][• ][✗✓⠋] /u.test(line)).map((line) => line.slice(4, 20).trim());
const PLAIN = ['Hash the archive', 'Build the page', 'Sort the index'];
const LOOKED_AT = ['Sort the index', 'Build the page', 'Hash the archive'];

it('what was looked at is not marked anew at the next start, until it ends anew', async () => {
  const first = await openScreen(scene);
  expect(rows(first.lines())).toEqual(PLAIN);
  await first.press('i', 'enter', 'esc', 'i', 'enter', 'esc');
  expect(rows(first.lines())).toEqual(LOOKED_AT);
  expect(first.seen).toHaveLength(2);

  const next = await openScreen(scene, { seen: first.seen.at(-1) ?? {} });
  expect(rows(next.lines())).toEqual(LOOKED_AT);
  await next.press('i');
  expect(next.text()).toContain('nothing needs you');
  await next.press('1');
  expect(next.text()).toContain('no task matches');
  next.sources[0]?.put(
    makeTask('failed', { name: plainName('Hash the archive'), state: failedAt(1), revision: 2 }),
  );
  await next.settle();
  expect(rows(next.lines())).toEqual(['Hash the archive']);
});

it('nothing is kept unless something new was looked at', async () => {
  const { press, pass, seen, saved } = await openScreen(scene);
  await press('j', 'j', 'enter', 'esc', 'k'); // what runs
  await pass(120_000);
  expect(seen).toEqual([]);
  await press('g', 'enter', 'esc', 'g');
  expect(seen).toHaveLength(1);
  await press('G', 'enter', 'esc', 'enter', 'esc', '?', '?');
  await pass(120_000);
  expect(seen).toHaveLength(1);
  expect(saved).toEqual([]);
});
