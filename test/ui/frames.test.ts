import fc from 'fast-check';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import { TASK_STATUSES, type TaskState } from '../../src/model/task.ts';
import { plainName, plainText } from '../../src/model/text.ts';
import { createMemorySource } from '../../src/sources/kit/memory.ts';
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

describe('a screen of everything', () => {
  it('in 120 columns and 40 rows', async () => {
    const { lines } = await openScreen(everything, { columns: 120, rows: 40, estimate });
    expect(trimmed(lines())).toBe(AT_120x40);
    expect(lines()).toHaveLength(39);
  });

  it('in 80 columns and 24 rows', async () => {
    const { lines } = await openScreen(everything, { columns: 80, rows: 24, estimate });
    expect(trimmed(lines())).toBe(AT_80x24);
    expect(lines()).toHaveLength(23);
  });

  it('in 40 columns and 10 rows', async () => {
    const { lines } = await openScreen(everything, { columns: 40, rows: 10, estimate });
    expect(trimmed(lines())).toBe(AT_40x10);
    expect(lines()).toHaveLength(9);
  });

  it('in ASCII', async () => {
    const { lines } = await openScreen(everything, { columns: 80, rows: 24, ascii: true, estimate });
    expect(trimmed(lines())).toBe(IN_ASCII);
  });

  it('below 40 columns or 10 rows says so', async () => {
    const { text } = await openScreen(everything, { columns: 39, rows: 24 });
    expect(text()).toBe('taskglass needs 40x10\nthis is 39x24\nq quits');
  });

  it('below that no key does what nobody sees; q quits, whatever was asked before', async () => {
    const { screen, text, press, saved, quits } = await openScreen(everything, { columns: 80, rows: 24 });
    await press('j', 'c');
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
        expect(screen.lines().length).toBeLessThan(size.rows);
        for (const line of screen.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(size.columns);
        await closeScreens();
      }),
      { numRuns: 60 },
    );
  });
});

function trimmed(lines: readonly string[]): string {
  return `\n${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const AT_120x40 = `
taskglass  alice@build                                                                                done in 4m or more
○ 2 queued  ⠋ 3 running  ◌ 1 waiting  ? 1 needs input  ✓ 1 completed  ✗ 1 failed  ⊘ 1 cancelled  ! 1 stalled
● demo  ● board.json  ✗ jobs.db down
! /var/lib/app/jobs.db: no such file · is the path right? it may also appear later

› ✗ Nightly backup                         ━━━━━─────  50%     3/4 no space left on device …      took 20m00s demo
    ✓ dump                                                                                              5m00s
    ✓ compress                                                                                          5m00s
    ✗ upload                                                                                            5m00s
    ○ verify
  ? Which licence should the fonts have?   waiting for an answer to 3 questions                               board.json
  ⠋ Translate the manual into 日本語 and … ━─────────   3%    2/30 chapters                         first run demo
    ✓ fetch                                                                                             1m00s
    ⠋ chapters                             ━─────────  17%                                              1h29m
    ○ chapter 1
    ○ chapter 2
    ○ chapter 3
    ○ chapter 4
    ○ chapter 5
    ○ chapter 6                                                    22 more steps
  ⠋ Index the archive                      ━━━───────  33%         silent 5m                                  demo
  ⠋ Encode the holiday film                ━━━━━─────  52%     3/5 transcode                       ~4m (2–9m) demo
    ✓ probe the source                                                                                  1m00s
    ✓ split into scenes                                                                                 1m00s
    ⠋ transcode                            ━━━━━━────  61%                                                 2m
    ○ mux
    ○ publish
  ◌ Publish the release                    waits for Run all the tests (queued)                               board.json
  ○ Run all the tests                                         0/12                                            board.json
  ○ A name of ten thousand letters: lorem…                                                                    board.json
  ✓ Build the site                         ━━━━━━━━━━ 100%     3/3 214 pages                       took 2m00s board.json
  ⊘ Resize the photographs                 by alice                                                           board.json






 enter details  space unfold (c cancel) r retry  d dismiss (u undo) / filter  s sort  v group  p freeze  ? help  q quit
`;

const AT_80x24 = `
taskglass  alice@build                                        done in 4m or more
○2 ⠋3 ◌1 ?1 ✓1 ✗1 ⊘1 1 stalled
● demo  ● board.json  ✗ jobs.db down
! /var/lib/app/jobs.db: no such file · is the path right? it may also appear la…

› ✗ Nightly backup            ━━━━────  50%   3/4 no space left on device …
    ✗ upload                                                               5m00s
    ○ verify                                      2 more steps
  ? Which licence should the… waiting for an answer to 3 questions
  ⠋ Translate the manual int… ━───────   3%  2/30 chapters             first run
    ⠋ chapters                ━───────  17%                                1h29m
    ○ chapter 1                                   28 more steps
  ⠋ Index the archive         ━━──────  33%       silent 5m
  ⠋ Encode the holiday film   ━━━━────  52%   3/5 transcode           ~4m (2–9m)
    ⠋ transcode               ━━━━────  61%                                   2m
    ○ mux                                         3 more steps
  ◌ Publish the release       waits for Run all the tests (queued)
  ○ Run all the tests                        0/12
  ○ A name of ten thousand l…
  ✓ Build the site            ━━━━━━━━ 100%   3/3 214 pages           took 2m00s
  ⊘ Resize the photographs    by alice

 enter details (c cancel) r retry  d dismiss  / filter  s sort  ? help  q quit
`;

const AT_40x10 = `
○2 ⠋3 ◌1 ?1 ✓1 ✗1 ⊘1 1 stalled
● demo  ● board.json  ✗ jobs.db down
› ✗ Nightly backup        50%
    ✗ upload                       5m00s
  ? Which licence shoul…
  ⠋ Translate the manua…   3%  first run
  ↓ 7 more
! /var/lib/app/jobs.db: no such file · …
(c cancel) r retry  ? help  q quit
`;

const IN_ASCII = `
taskglass  alice@build                                        done in 4m or more
o2 |3 :1 ?1 +1 x1 ~1 1 stalled
* demo  * board.json  x jobs.db down
! /var/lib/app/jobs.db: no such file - is the path right? it may also appear la~

> x Nightly backup            ####....  50%   3/4 no space left on device …
    x upload                                                               5m00s
    o verify                                      2 more steps
  ? Which licence should the~ waiting for an answer to 3 questions
  | Translate the manual int~ #.......   3%  2/30 chapters             first run
    | chapters                #.......  17%                                1h29m
    o chapter 1                                   28 more steps
  | Index the archive         ##......  33%       silent 5m
  | Encode the holiday film   ####....  52%   3/5 transcode           ~4m (2-9m)
    | transcode               ####....  61%                                   2m
    o mux                                         3 more steps
  : Publish the release       waits for Run all the tests (queued)
  o Run all the tests                        0/12
  o A name of ten thousand l~
  + Build the site            ######## 100%   3/3 214 pages           took 2m00s
  ~ Resize the photographs    by alice

 enter details (c cancel) r retry  d dismiss  / filter  s sort  ? help  q quit
`;
