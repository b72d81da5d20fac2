import { describe, expect, it } from 'vitest';
import type { ShownEstimate } from '../../src/eta/shown-estimate.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { detailLines, rawLines } from '../../src/present/detail.ts';
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
      host: words`gpu-2`,
      cwd: words`/srv/film`,
      url: words`https://example.org/film`,
      offers: [{ command: 'cancel', refusal: words`no signing key` }],
      raw: { id: 'x', big: 12n },
    });
    const entry = makeEntry(task, { lastNewsAt: NOW - 4 * M, usualGapMs: 20_000 });
    expect(detail(entry, state)).toEqual([
      '⠋ Encode the film',
      '  running for 6m · 32% · usually 8m (3 earlier runs)',
      '  attempt 2 · priority 1',
      '  silent 4m, usual gap 20s, last news at 14:26:00',
      '',
      'steps',
      '  1 of 5 done',
      '  ✓ probe                             1m00s',
      '  ⠋ encode                               5m   61% ━━━━━━────',
      '  ○ mux',
      '    2 steps not announced yet',
      '',
      'notes',
      '  14:28  two lines',
      '  of a note',
      '',
      'waits for',
      '  ✓ the other one (completed)',
      '  ? test/unknown (unknown here)',
      '',
      'providers',
      '  npub1abc  processing  1m ago',
      '',
      'commands',
      '  cancel: no signing key',
      '',
      'labels',
      '  kind: 5205',
      '',
      'about',
      '  host: gpu-2',
      '  directory: /srv/film',
      '  address: https://example.org/film',
      '  test/x · nostr wss://a',
    ]);
    expect(rawLines(entry, context).map(lineText)).toEqual([
      '⠋ Encode the film',
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
    expect(detail(makeEntry(task))).toEqual([
      '✗ task x',
      '  failed at 14:29, took 2m00s',
      '',
      'error',
      '  no space left on device',
      '    while writing',
      '',
      'about',
      '  test/x ·',
    ]);
  });

  it('of one that asks begin with its question', () => {
    const task = makeTask('x', {
      state: { status: 'needs-input', reason: null },
      question: { text: words`Which licence?`, choices: [words`OFL`, words`MIT`], askedAt: NOW - 9 * M },
    });
    expect(detail(makeEntry(task)).slice(0, 7)).toEqual([
      '? task x',
      '  needs input',
      '',
      'question  asked 9m ago',
      '  Which licence?',
      '  1  OFL',
      '  2  MIT',
    ]);
  });

  it('end with what was printed last, as far as there is room', () => {
    const task = makeTask('x', { state: { status: 'queued', reason: null } });
    const lines = Array.from({ length: 30 }, (_, n) => words`line ${n}`);
    const held = lines.map((text) => ({ at: NOW, stream: 'stdout', text }) as const);
    const log = { lines: held, first: 0, isOpen: true, problem: null };
    const shown = (height: number) =>
      detailLines(makeEntry(task), EMPTY_STATE, context, { log, height }).map(lineText);
    expect(shown(20)).toHaveLength(20);
    expect(shown(20).at(-1)).toBe('  line 29');
    expect(shown(3).slice(-6)).toEqual(['output', ...[25, 26, 27, 28, 29].map((n) => `  line ${n}`)]);
  });
});
