import fc from 'fast-check';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import { TASK_STATUSES, type TaskState } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import type { Line } from '../../src/present/line.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
import { fleet, flood, forty, hostile, oneRun } from '../helpers/look-scenes.ts';
import { everything, nothing } from '../helpers/scenes.ts';
import { closeScreens, openScreen } from '../helpers/screen.ts';
import { makeShownEstimate } from '../helpers/shown-estimate.ts';
import { makeStep, makeTask } from '../helpers/task.ts';

afterEach(closeScreens);

/** The film is done soon, of the manual little is known. */
const estimate = (id: string) =>
  id.endsWith('/film')
    ? makeShownEstimate({ remainingMs: 4 * 60_000, lowMs: 2 * 60_000, highMs: 9 * 60_000 })
    : makeShownEstimate({ remainingMs: 7 * 3_600_000, isVague: true });

/** Scenes to look at: each frame is a file beside this one, for a person to judge. */
const SCENES = { everything, nothing, 'one run': oneRun, forty, 'a fleet': fleet, 'a flood': flood, hostile };
const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

describe.each(Object.entries(SCENES))('a screen of %s', (name, scene) => {
  it.each(SIZES)('in %d columns and %d rows', async (columns, rows) => {
    const { lines } = await openScreen(scene, { columns, rows, estimate, paint: drawnLook });
    expect(lines()).toHaveLength(rows);
    for (const text of lines()) expect(stringWidth(text.slice(1))).toBeLessThanOrEqual(columns);
    await expect(framed(lines())).toMatchFileSnapshot(
      `frames/${name.replace(' ', '-')}-${columns}x${rows}.txt`,
    );
  });
});

describe.each(SIZES)('details in %d columns and %d rows', (columns, rows) => {
  it.each([
    ['a question', ['enter']],
    ['an error', ['j', 'enter']],
    ['a task that runs', ['/', ...'film', 'enter', 'enter']],
  ] as const)('of %s', async (what, keys) => {
    const scene = what === 'a task that runs' ? everything : forty;
    const { lines, press } = await openScreen(scene, { columns, rows, estimate, paint: drawnLook });
    await press(...keys);
    const file = `frames/details-of-${what.replaceAll(' ', '-')}-${columns}x${rows}.txt`;
    await expect(framed(lines())).toMatchFileSnapshot(file);
  });
});

describe('a screen', () => {
  it('in ASCII', async () => {
    const screen = await openScreen(everything, {
      columns: 80,
      rows: 24,
      ascii: true,
      estimate,
      paint: drawnLook,
    });
    await expect(framed(screen.lines())).toMatchFileSnapshot('frames/everything-ascii-80x24.txt');
  });

  it('below 40 columns or 10 rows says so', async () => {
    const { text } = await openScreen(everything, { columns: 39, rows: 24 });
    expect(text()).toBe('taskglass needs 40x10\nthis is 39x24\nq quits');
  });

  it('below that no key does what nobody sees; q quits, whatever was asked before', async () => {
    const { screen, text, press, saved, quits } = await openScreen(everything, { columns: 80, rows: 24 });
    await press('c');
    screen.resize({ columns: 39, rows: 24 });
    await press('y', 'd', 'q');
    expect(quits).toEqual(['quit']);
    screen.resize({ columns: 80, rows: 24 });
    expect(text()).toMatch(/cancel .*y\/n/u);
    expect(saved).toEqual([]);
  });

  it('without a source tells what to type', async () => {
    const { text } = await openScreen(nothing);
    expect(text()).toContain('Nothing to watch yet');
    expect(text()).toContain('taskglass demo ');
  });
});

describe('a screen that opens before everything was looked at', () => {
  it('says that it looks, then what was found, in passing', async () => {
    const { screen, text, pass, settle } = await openScreen(nothing, { isSearching: true });
    expect(text()).toContain('looking for tasks');
    expect(text()).not.toContain('Nothing to watch yet');
    screen.searched(plainName('found here: 1 checklist'));
    await settle();
    expect(text()).toContain('Nothing to watch yet');
    expect(text()).toContain('found here: 1 checklist');
    await pass(11_000);
    expect(text()).not.toContain('found here: 1 checklist');
  });

  it('does not say that all has ended, of which it has seen a part', async () => {
    const { screen, text, settle, sources } = await openScreen(
      (clock) => {
        const source = createMemorySource({ id: sourceId('runs') });
        const state: TaskState = { status: 'completed', endedAt: clock.now() - 60_000, result: null };
        source.put(makeTask('a', { source: sourceId('runs'), state }));
        source.live();
        return [source];
      },
      { isSearching: true },
    );
    expect(sources).toHaveLength(1);
    expect(text()).not.toMatch(/all done/u);
    screen.searched(null);
    await settle();
    expect(text()).toMatch(/all done (?:at|on)/u);
  });
});

describe('any screen', () => {
  it('fits its terminal, whatever the sources say', async () => {
    const words = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 80 }));
    const anyTask = fc.record({
      name: words.map(plainName),
      status: fc.constantFrom(...TASK_STATUSES),
      why: words.map(plainText),
      steps: fc.array(
        fc.tuple(
          words.map(plainName),
          fc.constantFrom('pending', 'running', 'completed', 'failed', 'skipped'),
        ),
        { maxLength: 12 },
      ),
      progress: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    });
    const sizes = fc.record({
      columns: fc.integer({ min: 20, max: 250 }),
      rows: fc.integer({ min: 5, max: 80 }),
    });
    const keys = fc.array(
      fc.constantFrom('j', 'k', 'G', 'enter', ' ', '?', 'v', 's', '/', 'a', 'd', 'esc', 'p', 'c'),
      { maxLength: 12 },
    );

    await fc.assert(
      fc.asyncProperty(fc.array(anyTask, { maxLength: 12 }), sizes, keys, async (tasks, size, pressed) => {
        const screen = await openScreen(() => {
          const source = createMemorySource({ id: sourceId('any') });
          for (const [index, { name, status, why, steps, progress }] of tasks.entries()) {
            const state = {
              status,
              reason: why,
              error: why,
              result: why,
              endedAt: null,
            } as unknown as TaskState;
            const made = steps.map(([step, as], at) =>
              makeStep(at, { name: step, status: as as 'running', progress }),
            );
            source.put(makeTask(String(index), { name, state, steps: made, reportedProgress: progress }));
          }
          source.fail(problem('malformed', 'degraded', tasks[0]?.name ?? 'nothing', 'read it'));
          return [source];
        }, size);
        await screen.press(...pressed);
        expect(screen.lines().length).toBeLessThanOrEqual(size.rows);
        for (const line of screen.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(size.columns);
        await closeScreens();
      }),
      { numRuns: 60 },
    );
  });
});

/** Draws a line with how it looks: `█` before what is in reverse, `░` before what is faint, badges in brackets. */
function drawnLook(line: Line): string {
  const looks = new Set(line.segments.map(({ look }) => look));
  const whole = looks.size === 1 ? line.segments[0]?.look : undefined;
  const isOver = line.segments.some(({ look }) => look === 'faint');
  const text = line.segments
    .map(({ text, look }) => (look === 'reverse' && whole !== 'reverse' ? `[${text.slice(1, -1)}]` : text))
    .join('');
  return `${whole === 'reverse' ? '█' : isOver ? '░' : ' '}${text}`;
}

function framed(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
