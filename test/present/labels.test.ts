import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandOffer } from '../../src/model/command.ts';
import { type Session, TASK_STATUSES, type Task } from '../../src/model/task.ts';
import { type PlainText, plainName, words } from '../../src/model/text.ts';
import { linesBelow, rowsBelow } from '../../src/present/below.ts';
import { layoutColumns } from '../../src/present/columns.ts';
import { detailLines } from '../../src/present/detail.ts';
import { lineText } from '../../src/present/line.ts';
import { createPlainLog } from '../../src/present/lines.ts';
import { describeTask } from '../../src/present/reason.ts';
import type { RenderContext } from '../../src/present/render-context.ts';
import { taskRow } from '../../src/present/row.ts';
import { taskDocument } from '../../src/present/snapshot.ts';
import { decodeAttachedLine } from '../../src/sources/attach/format.ts';
import type { ShownRow } from '../../src/sources/ledger/shown-rows.ts';
import { decodeShownTask } from '../../src/sources/ledger/shown-task.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { reduce } from '../../src/store/reduce.ts';
import { selectEntries } from '../../src/store/select.ts';
import { EMPTY_STATE, findEntry, type State } from '../../src/store/state.ts';
import { makeStep, makeTask, TEST_SOURCE } from '../helpers/task.ts';

type Labels = Readonly<Record<string, PlainText>>;

const NOW = Date.UTC(2026, 10, 21, 14, 30);
const COMMANDS: readonly CommandOffer[] = [
  { command: 'cancel', refusal: null },
  { command: 'retry', refusal: null },
];
const SESSIONS: readonly Session[] = [
  { id: 's1', status: words`blocked`, meaning: 'waiting', updatedAt: NOW, notes: words`a key?` },
];

/** Words that mean something elsewhere: keys of the model, of other sources' labels, and of sentences. */
const TEMPTING = [
  'retried as',
  'retry of',
  'user status',
  'source',
  'unverified',
  'kind',
  'module',
  'run',
  'forced',
  'provider',
  'requester',
  'retriedAs',
  'retryOf',
  'userStatus',
  'waitsFor',
  'blockedBy',
  'review',
  'host',
  'question',
  ...TASK_STATUSES,
];
const word = fc.oneof(
  fc.constantFrom(
    ...TEMPTING,
    'waits for',
    'waits for test/a',
    'blocked: a failed',
    'test/a',
    'true',
    'inprogress',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(plainName),
);
const anyLabels: fc.Arbitrary<Labels> = fc.dictionary(word, word.map(plainName), { maxKeys: 6 });

/** One task of each kind that is drawn, or asked for something, in its own way. */
const TASKS: readonly Task[] = [
  makeTask('a', { steps: [makeStep(0, { status: 'running', progress: 40 }), makeStep(1)], offers: COMMANDS }),
  makeTask('b', {
    state: { status: 'waiting', reason: null },
    dependencies: [makeTask('a').id],
    waitsFor: [makeTask('a').id],
  }),
  makeTask('c', { state: { status: 'failed', endedAt: NOW, error: words`no disk` }, offers: COMMANDS }),
  makeTask('d', { sessions: SESSIONS, userStatus: words`inprogress`, offers: COMMANDS }),
  makeTask('e', { state: { status: 'queued', reason: null }, sessions: SESSIONS }),
  makeTask('f', { state: { status: 'completed', endedAt: NOW, result: words`ok` }, startedAt: 1 }),
  makeTask('g', { state: { status: 'cancelled', endedAt: NOW, reason: null }, retriedAs: makeTask('e').id }),
];

function stateOf(tasks: readonly Task[]): State {
  const at = NOW;
  const event = (of: Parameters<typeof reduce>[1][number]['event']) => ({
    source: TEST_SOURCE,
    at,
    event: of,
  });
  return reduce(EMPTY_STATE, [
    event({ type: 'opened', kind: 'memory', location: 'memory' }),
    event({ type: 'snapshot', revision: 1, tasks }),
    event({ type: 'live' }),
    ...['a', 'c'].flatMap((nativeId) => {
      const task = tasks.find((each) => each.nativeId === nativeId) as Task;
      return [
        event({ type: 'command-asked', id: task.id, command: nativeId === 'a' ? 'cancel' : 'retry' }),
        event({ type: 'changed', task: { ...task, revision: 2 } }),
      ];
    }),
  ]);
}

/** All that is shown and offered of the tasks, but for the label lines. */
function seenWith(labels: Labels) {
  const state = stateOf(TASKS.map((task) => ({ ...task, labels })));
  const context: RenderContext = {
    nowMs: NOW,
    width: 100,
    ascii: false,
    stallAfterMs: 30_000,
    timeZone: 'UTC',
    estimate: () => null,
    nameTask: (id) => describeTask(id, state),
  };
  const columns = layoutColumns(context.width, { hasHosts: false, hasSources: false });
  const entries = selectEntries(state, { filter: parseFilter(''), sort: 'urgency' });
  return {
    rows: entries.flatMap((entry) =>
      [
        taskRow(entry, columns, context, { isSelected: false, isUnseen: false, isSettled: false }),
        ...rowsBelow(entry, columns, context, linesBelow(entry.task)),
      ].map(lineText),
    ),
    details: entries.map((entry) => withoutLabels(detailLines(entry, state, context).map(lineText))),
    log: createPlainLog(context).next(state, entries, NOW),
    documents: entries.map((entry) => {
      const { labels: _, ...document } = taskDocument(entry, { ...context, readOnly: false });
      return document;
    }),
    offers: entries.map(({ task }) => task.offers),
    pending: TASKS.map(({ id }) => findEntry(state, id)?.pending?.command ?? null),
  };
}

function withoutLabels(lines: readonly string[]): string[] {
  const from = lines.indexOf('labels');
  if (from === -1) return [...lines];
  const length = lines.slice(from).indexOf('');
  return [...lines.slice(0, from - 1), ...(length === -1 ? [] : lines.slice(from + length))];
}

describe('labels', () => {
  it('change nothing of what is shown and offered but their own lines', () => {
    const unlabelled = seenWith({});
    expect(unlabelled.pending).toEqual(['cancel', null, 'retry', null, null, null, null]);
    fc.assert(fc.property(anyLabels, (labels) => void expect(seenWith(labels)).toEqual(unlabelled)));
  });

  it('of a ledger, which are anybody’s words, are labels of its task and nothing else', () => {
    const row: ShownRow = {
      ...{ id: 'a', name: 'Pack it', description: null, job: null, module: null, priority: 1, run: 1 },
      ...{
        status: 'pending',
        attempt: 1,
        jobRun: null,
        progress: null,
        steps: '[]',
        result: null,
        error: null,
      },
      ...{ verifiedAt: null, isForced: 0, isClaimed: 0, createdAt: 1, startedAt: null, endedAt: null },
      ...{ updatedAt: NOW, labels: '{}' },
    };
    const nothing = new Map();
    const belongings = { rows: [row], dependencies: nothing, notes: nothing, durations: nothing };
    const read = (labels: Labels) => decodeShownTask({ ...row, labels: JSON.stringify(labels) }, belongings);
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const { draft, isDone } = read(labels);
        expect({ draft: { ...draft, labels: {} }, isDone }).toEqual(read({}));
      }),
    );
  });

  it('that another taskglass serves are labels here, too', () => {
    const read = (labels: Labels) => {
      const task = { id: 'test/a', name: 'Pack it', status: 'failed', labels };
      const line = decodeAttachedLine(JSON.stringify({ type: 'task', task }));
      if (line.type !== 'task') throw new Error('no task');
      return { ...line.task, labels: {}, weight: 0 };
    };
    fc.assert(fc.property(anyLabels, (labels) => void expect(read(labels)).toEqual(read({}))));
  });
});
