import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createBoardSource } from '../../../src/sources/sessions/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('board.json');
});
afterEach(() => directory[Symbol.asyncDispose]());

const NOW = Date.UTC(2026, 10, 21, 8, 0, 0);
const ISO = '2026-11-21T08:00:00.000Z';
const open = (clock = createFakeClock(NOW)) => createBoardSource({ id: sourceId('board'), path, clock });
const set = (id: string, status: string) =>
  open().commands.setStatus?.(id, { ...commandContext(), argument: status });

describe('the commands of a board', () => {
  it('write nothing into a list that has a word which no board has', async () => {
    const text =
      '{"tasks":[{"id":1,"title":"a","status":"cancelled"},{"id":2,"title":"b","status":"deferred"}]}';
    await writeFile(path, text);
    expect(await open().commands.retry?.('1', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringContaining('a board has no status "deferred"') },
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('change the user’s status and nothing else, in the style of the file', async () => {
    const text =
      '{\n    "owner": 1.0,\n    "tasks": [\n        {"id": "T0"},\n        {\n            "status": "todo",\n            "id": "T1",\n            "sessionProgress": [\n                {"sessionId": "s1", "status": "working", "env": {"A": "b"}}\n            ],\n            "more": []\n        }\n    ]\n}\n';
    await writeFile(path, text);
    expect(await open().commands.cancel?.('T1', commandContext())).toEqual({ kind: 'sent' });
    expect(await readFile(path, 'utf8')).toBe(text.replace('"todo"', '"cancelled"'));
  });

  it.each([
    ['design', [{ id: 'T1', status: 'todo' }], 'inprogress'],
    ['design', [{ id: 'T1' }], 'inprogress'],
    [
      'maestro',
      [
        { id: 'T1', status: 'todo' },
        { id: 'T2', status: 'in_progress' },
      ],
      'in_progress',
    ],
    ['maestro', [{ id: 'T1', status: 'todo', sessionIds: [] }], 'in_progress'],
  ])('write the dialect that the file has: %s %j', async (_dialect, tasks, word) => {
    await writeFile(path, JSON.stringify(tasks));
    expect(await set('T1', 'in_progress')).toEqual({ kind: 'sent' });
    expect(JSON.parse(await readFile(path, 'utf8'))[0].status).toBe(word);
  });

  it('set the timestamps that are there, in their own form', async () => {
    await writeFile(
      path,
      JSON.stringify([
        { id: 'T1', status: 'todo', updatedAt: '2020-01-01T00:00:00Z', completedAt: null },
        { id: 'T2', status: 'in_progress', updatedAt: 5, startedAt: 4, completedAt: null },
      ]),
    );
    await set('T1', 'completed');
    await set('T2', 'completed');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([
      { id: 'T1', status: 'completed', updatedAt: ISO, completedAt: NOW },
      { id: 'T2', status: 'completed', updatedAt: NOW, startedAt: 4, completedAt: NOW },
    ]);
  });

  it('put a failed task into the queue again, and leave the failure as it was reported', async () => {
    const failed = {
      sessionId: 's1',
      status: 'failed',
      lastUpdated: '2026-11-21T07:00:00.000Z',
      notes: 'no net',
    };
    await writeFile(
      path,
      JSON.stringify({ id: 'T1', title: 'A', status: 'todo', sessionProgress: [failed] }),
    );
    const source = open();
    const view = openView(source);
    await view.live();
    expect(view.statuses()).toEqual({ T1: 'failed' });
    expect(await source.commands.retry?.('T1', commandContext())).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.statuses()).toEqual({ T1: 'queued' }));
    await view.close();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      id: 'T1',
      title: 'A',
      status: 'todo',
      sessionProgress: [failed],
      retriedAt: ISO,
    });
  });

  it('are refused if they make no sense any more, without touching the file', async () => {
    const text = '[{"id":"T1","status":"completed"},{"id":"T2","status":"todo"}]';
    await writeFile(path, text);
    const { cancel, retry } = open().commands;
    const answers = [
      await cancel?.('T1', commandContext()),
      await retry?.('T2', commandContext()),
      await cancel?.('T3', commandContext()),
      await set('T2', 'later'),
    ];
    expect(answers.map((answer) => answer?.kind === 'refused' && answer.problem.message)).toEqual([
      'cancel: not possible: the task is already completed',
      'retry: not possible: the task is already queued',
      `cancel: there is no task T3 in ${path}`,
      'set status: later is not a status',
    ]);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('offer the usual moves first, and need confirmation for the others', async () => {
    await writeFile(path, '[{"id":"T1","status":"inprogress"},{"id":"T2","status":"completed"}]');
    const view = openView(open());
    await view.live();
    const offer = (id: string) => view.task(id).offers.find(({ command }) => command === 'setStatus');
    expect(offer('T1')).toEqual({
      command: 'setStatus',
      refusal: null,
      choices: ['completed', 'cancelled', 'todo'],
      asksBack: ['todo'],
    });
    expect(offer('T2')?.asksBack).toEqual(['todo', 'inprogress', 'cancelled']);
    await view.close();
  });
});

describe('a board that many write to', () => {
  it('loses nothing: 8 sessions and a user at once', { timeout: 120_000 }, async () => {
    const tasks = Array.from({ length: 5 }, (_, index) => ({ id: `T${index + 1}`, title: 'A', odd: index }));
    await writeFile(path, JSON.stringify({ tasks, owner: 'me' }, null, 2));
    const writer = new URL('./board-writer.ts', import.meta.url);
    const sessions = Array.from({ length: 8 }, (_, index) => `s${index + 1}`);
    const writers = sessions.map((session) =>
      fork(writer, [path, session, String(tasks.length)], { stdio: 'inherit' }),
    );
    const ended = Promise.all(writers.map(async (each) => (await once(each, 'exit'))[0]));
    const user = open(systemClock as ReturnType<typeof createFakeClock>);
    for (const { id } of tasks) {
      const answer = await user.commands.setStatus?.(id, { ...commandContext(), argument: 'inprogress' });
      expect(answer).toEqual({ kind: 'sent' });
    }
    expect(await ended).toEqual(Array(8).fill(0));

    const board = JSON.parse(await readFile(path, 'utf8'));
    expect(board.owner).toBe('me');
    for (const [index, task] of board.tasks.entries()) {
      expect(task).toMatchObject({ id: `T${index + 1}`, title: 'A', odd: index, status: 'inprogress' });
      const said = task.sessionProgress.map((each: { sessionId: string; status: string }) => [
        each.sessionId,
        each.status,
      ]);
      expect(said.toSorted()).toEqual(sessions.map((session) => [session, 'completed']));
    }
    expect(await readdir(directory.path)).toEqual(['board.json']);
  });
});
