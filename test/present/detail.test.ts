import { describe, expect, it } from 'vitest';
import type { ShownEstimate } from '../../src/eta/shown-estimate.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { detailLines } from '../../src/present/detail.ts';
import { lineText } from '../../src/present/line.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { reduce } from '../../src/store/reduce.ts';
import { EMPTY_STATE, type State, type TaskEntry } from '../../src/store/state.ts';
import { makeSteps } from '../helpers/scenes.ts';
import { HALF_PAST_TWO } from '../helpers/screen.ts';
import { makeEntry, makeTask, TEST_SOURCE } from '../helpers/task.ts';

const M = 60_000;
const NOW = HALF_PAST_TWO;
const SHOWN_ESTIMATE: ShownEstimate = {
  remainingMs: 4 * M,
  lowMs: 2 * M,
  highMs: 9 * M,
  basis: 'history',
  earlierRuns: 3,
  usualMs: 8 * M,
  isVague: false,
  lateAt: NOW + 9 * M,
  reviewAt: NOW + 3 * M,
  delay: null,
  publisherFactor: null,
};
const context: RenderContext = {
  nowMs: NOW,
  width: 60,
  ascii: false,
  stallAfterMs: 30_000,
  timeZone: 'UTC',
  estimate: () => SHOWN_ESTIMATE,
};

const detail = (entry: TaskEntry, state: State = EMPTY_STATE) =>
  detailLines(entry, state, context).map(lineText);

describe('the details', () => {
  it.each([
    [{}, ['running · done ~4m (2–9m), from earlier runs', 'usually 8m (3 earlier runs)']],
    [
      { delay: 'than-usual' },
      ['running · done ~4m (2–9m), from earlier runs', 'slower than usual · usually 8m (3 earlier runs)'],
    ],
    [{ lateAt: NOW - 1 }, ['running · late, usually 8m · 3 earlier runs']],
    [{ earlierRuns: 0, usualMs: null }, ['running · done ~4m (2–9m), from runs of similar jobs']],
    [
      { earlierRuns: 0, usualMs: null, basis: 'reported', delay: 'than-said', publisherFactor: 2.3 },
      [
        'running · done ~4m (2–9m), according to its publisher',
        'delayed by its publisher · its own estimates run 2.3× late',
      ],
    ],
  ] as const)('tell what an estimate rests on: %j', (given, expected) => {
    const entry = makeEntry(makeTask('x'), { lastNewsAt: NOW });
    const lines = detailLines(entry, EMPTY_STATE, {
      ...context,
      estimate: () => ({ ...SHOWN_ESTIMATE, ...given }),
    });
    expect(lines.slice(1, 1 + expected.length).map((each) => lineText(each).trim())).toEqual(expected);
  });

  it('of a running task', () => {
    const other = makeTask('other', {
      name: plainName('the other one'),
      state: { status: 'completed', endedAt: null, result: null },
    });
    const state = reduce(EMPTY_STATE, [
      { source: TEST_SOURCE, at: NOW, event: { type: 'opened', kind: 'nostr', location: 'wss://a' } },
      { source: TEST_SOURCE, at: NOW, event: { type: 'changed', task: other } },
    ]);
    const task = makeTask('x', {
      name: plainName('Encode the film'),
      startedAt: NOW - 6 * M,
      attempts: 2,
      priority: 1,
      steps: makeSteps(['+probe', '>encode@61', '-mux'], NOW - 6 * M),
      totalSteps: 5,
      dependencies: [other.id, makeTask('unknown').id],
      notes: [{ at: NOW - 2 * M, text: plainText('two lines\nof a note') }],
      sessions: [{ id: 'npub1abc', status: words`processing`, updatedAt: NOW - M, notes: null }],
      labels: { kind: words`5205` },
      offers: [{ command: 'cancel', refusal: words`no signing key` }],
      raw: { id: 'x', big: 12n },
    });
    const entry = makeEntry(task, { lastNewsAt: NOW - 4 * M, usualGapMs: 20_000 });
    expect(detail(entry, state)).toEqual([
      '⠋ Encode the film',
      '  running for 6m · 32% · usually 8m (3 earlier runs)',
      '  attempt 2 · priority 1',
      '  silent 4m, usual gap 20s, last news at 14:26:00',
      '  test/x · nostr wss://a',
      '',
      'steps',
      '  1 of 5 done',
      '  ✓ probe                             1m00s',
      '  ⠋ encode                               5m   61% ━━━━━━────',
      '  ○ mux',
      '    2 steps not announced yet',
      '',
      'waits for',
      '  ✓ the other one (completed)',
      '  ? test/unknown (unknown here)',
      '',
      'notes',
      '  14:28  two lines',
      '  of a note',
      '',
      'providers',
      '  npub1abc  processing  1m ago',
      '',
      'labels',
      '  kind: 5205',
      '',
      'commands',
      '  cancel: no signing key',
      '',
      'raw document',
      '  {',
      '    "id": "x",',
      '    "big": "12"',
      '  }',
    ]);
  });

  it('of a failed one, with all of its error', () => {
    const task = makeTask('x', {
      startedAt: NOW - 3 * M,
      state: {
        status: 'failed',
        endedAt: NOW - M,
        error: plainText('no space left on device\n  while writing'),
      },
    });
    expect(detail(makeEntry(task)).slice(0, 5)).toEqual([
      '✗ task x',
      '  failed at 14:29, took 2m00s',
      '  error: no space left on device',
      '    while writing',
      '  test/x ·',
    ]);
  });
});
