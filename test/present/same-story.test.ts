import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createMonitor } from '../../src/monitor.ts';
import { createPlainLog } from '../../src/present/lines.ts';
import { taskDocument } from '../../src/present/snapshot.ts';
import { createStdinSource } from '../../src/sources/open/stdin.ts';
import { allEntries } from '../../src/store/state.ts';
import { createScreen } from '../../src/ui/screen.ts';
import { createPaint } from '../../src/ui/theme.ts';
import { eventually } from '../helpers/eventually.ts';
import { SCREEN_OPTIONS } from '../helpers/screen.ts';
import { makeShownEstimate } from '../helpers/shown-estimate.ts';

/** A recorded sequence of states, each at its own time. */
const STORY = readFileSync(new URL('../fixtures/story.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const STALL_AFTER_MS = 30_000;

/** Plays the story through the real source, and notes after each state what screen, log and document say of it. */
async function play() {
  const clock = createFakeClock(JSON.parse(STORY[0] ?? '').timestamp);
  const input = new PassThrough();
  const monitor = {
    ...createMonitor({ sources: [createStdinSource({ id: sourceId('story'), input, clock })], clock }),
    estimate: () => makeShownEstimate(), // the story is not about how estimates are made
  };
  const screen = createScreen({
    monitor,
    clock,
    options: { ...SCREEN_OPTIONS, stallAfterMs: STALL_AFTER_MS, sort: 'name' },
    dismissals: { load: () => ({}), save: () => {} },
    seen: { load: () => ({}), save: () => {} },
    paint: createPaint({ color: false, ascii: false }),
    terminal: { copy: () => {}, open: () => false, isBusy: () => false, onceReady: () => {}, quit: () => {} },
    size: { columns: 100, rows: 24 },
  });
  const log = createPlainLog({ stallAfterMs: STALL_AFTER_MS, estimate: monitor.estimate });
  const context = { stallAfterMs: STALL_AFTER_MS, readOnly: false, estimate: monitor.estimate };
  let heard = 0;
  monitor.onUpdates(() => {
    heard += 1;
  });

  const scenes = [];
  for (const [index, line] of STORY.entries()) {
    clock.advance(Math.max(0, JSON.parse(line).timestamp - clock.now()));
    const before = heard;
    input.write(`${line}\n`);
    await eventually(() => expect(heard).toBeGreaterThan(before));
    const entries = allEntries(monitor.getState());
    const lines = log.next(monitor.getState(), entries, clock.now());
    clock.advance(1_000);
    scenes.push({
      title: `after state ${index + 1}`,
      screen: screen
        .getFrame()
        .map(stripVTControlCharacters)
        .filter((row) => /Index|Send|^ {4}\S|✓|○/u.test(row)),
      log: lines,
      documents: entries.map((entry) => taskDocument(entry, { ...context, nowMs: clock.now() })),
    });
  }
  screen.close();
  await monitor.close();
  return scenes;
}

it('screen, log and document tell the same story of one recorded sequence', async () => {
  const scenes = await play();
  for (const { screen, log, documents } of scenes) {
    for (const { name, progress, status } of documents) {
      const row = screen.find((line) => line.includes(name)) ?? '';
      const logged = log.find((line) => line.includes(name));
      if (progress === null) continue;
      // What has not begun, or is done, has no figure on the screen.
      if (status === 'running' || status === 'failed') expect(row).toContain(`${Math.floor(progress)}%`);
      if (logged) expect(logged).toContain(`${Math.floor(progress)}%`);
    }
  }
  const golden = scenes
    .map(({ title, screen, log, documents }) =>
      [
        `── ${title}`,
        ...screen.map((line) => line.trimEnd()),
        ...log,
        ...documents.map(({ name, status, progress, error, endedAt, eta }) =>
          JSON.stringify({ name, status, progress, error, endedAt, eta }),
        ),
      ].join('\n'),
    )
    .join('\n\n');
  await expect(`${golden}\n`).toMatchFileSnapshot('../fixtures/story.golden.txt');
});
