import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { foreignWord, readStatusWord, spellLike } from '../../src/model/status-words.ts';
import { decodeDashboardTask } from '../../src/sources/dashboard-state/format.ts';
import { createBoardSource } from '../../src/sources/sessions/source.ts';
import { readSessionStatus, readUserStatus } from '../../src/sources/sessions/words.ts';
import { decodeBreakdownTask } from '../../src/sources/task-breakdown/format.ts';
import { createTaskBreakdownSource } from '../../src/sources/task-breakdown/source.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { commandContext } from '../sources/source-contract.ts';

/** What each word means, and which of them every source must understand. */
const WORDS = {
  running: [
    'running',
    'Running',
    'RUNNING',
    'in progress',
    'in-progress',
    'In_Progress',
    'inProgress',
    'working',
  ],
  completed: [
    'completed',
    'COMPLETED',
    'complete',
    'done',
    'Done',
    'success',
    'succeeded',
    'SUCCESSFUL',
    'finished',
  ],
  failed: ['failed', 'FAILED', 'Failure', 'error', 'errored', 'crashed'],
  cancelled: ['cancelled', 'canceled', 'CANCELED', 'Cancelled', 'aborted', 'stopped'],
  queued: ['pending', 'Queued', 'TODO', 'to do', 'not started', 'scheduled'],
} as const;
const TABLE = Object.entries(WORDS).flatMap(([meaning, words]) =>
  words.map((word) => [word, meaning] as const),
);

function statusOf(decoded: ReturnType<typeof decodeDashboardTask>): string {
  if ('wrong' in decoded) throw new Error(decoded.wrong);
  expect(decoded.oddities).toEqual([]);
  return decoded.item.state.status;
}

describe('a status word', () => {
  it.each(TABLE)('%s means %s in every source', (word, meaning) => {
    expect(readStatusWord(word)).toBe(meaning);
    expect(statusOf(decodeDashboardTask({ taskId: 'a', status: word }))).toBe(meaning);
    expect(statusOf(decodeBreakdownTask({ id: 'a', status: word }))).toBe(meaning);
    expect(readSessionStatus(word)).toBe(meaning === 'running' ? 'working' : meaning);
    // A user has no word for a failure.
    const ofUser = { running: 'inprogress', queued: 'todo', failed: null }[meaning as string];
    expect(readUserStatus(word)).toBe(ofUser === undefined ? meaning : ofUser);
  });

  it.each(['', 'timeout', 'nonsense', 'x'.repeat(1000), 7, null, {}])('%j is none', (word) => {
    expect(readStatusWord(word)).toBeNull();
  });

  it.each([
    ['in_progress', ['PENDING', 'DONE'], 'IN_PROGRESS'],
    ['in_progress', ['Pending'], 'In_progress'],
    ['in_progress', ['pending', 'not-started'], 'in-progress'],
    ['failed', ['pending', 'ERROR'], 'ERROR'],
    ['failed', ['pending', 'Done'], 'failed'],
    ['failed', [], 'failed'],
  ])('%s beside %j is written %s', (word, others, expected) => {
    expect(spellLike(word, others, (other) => readStatusWord(other) === readStatusWord(word))).toBe(expected);
  });
});

describe('a word that is to be written', () => {
  const isKnown = (other: string) => ['todo', 'cancelled'].includes(other);

  it.each<[string, string[], string | null]>([
    ['is written where all others are known', ['todo', 'todo'], null],
    ['is written where it stands already', ['on hold', 'cancelled'], null],
    ['is written where there is no other', [], null],
    ['is not, where a program has others', ['todo', 'on hold'], 'on hold'],
  ])('%s', (_, others, foreign) => {
    expect(foreignWord('cancelled', others, isKnown)).toBe(foreign);
  });
});

describe('a file that spells them in its own way', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  it('is written to in that way: a breakdown', async () => {
    const path = directory.file('task-breakdown.json');
    await writeFile(path, '{"tasks": [{"id": "a", "status": "RUNNING"}, {"id": "b", "status": "ERROR"}]}');
    const source = createTaskBreakdownSource({ id: sourceId('b'), path, clock: systemClock });
    expect(await source.commands.cancel?.('a', commandContext())).toEqual({ kind: 'sent' });
    expect(await source.commands.retry?.('b', commandContext())).toEqual({ kind: 'sent' });
    const { tasks } = JSON.parse(await readFile(path, 'utf8'));
    expect(tasks).toMatchObject([{ status: 'ERROR', result: 'Cancelled' }, { status: 'PENDING' }]);
  });

  it('is written to in that way: a board', async () => {
    const path = directory.file('board.json');
    await writeFile(path, '[{"id": "a", "title": "A", "status": "Todo"}, {"id": "b", "status": "Canceled"}]');
    const source = createBoardSource({ id: sourceId('b'), path, clock: systemClock });
    expect(await source.commands.cancel?.('a', commandContext())).toEqual({ kind: 'sent' });
    expect(await source.commands.setStatus?.('b', { ...commandContext(), argument: 'completed' })).toEqual({
      kind: 'sent',
    });
    const tasks = JSON.parse(await readFile(path, 'utf8'));
    expect(tasks).toMatchObject([{ status: 'Canceled' }, { status: 'Completed' }]);
  });
});
