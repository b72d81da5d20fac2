import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createTaskBreakdownSource } from '../../../src/sources/task-breakdown/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hasSharedFixtures, sharedFixture } from '../../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('task-breakdown.json');
});
afterEach(() => directory[Symbol.asyncDispose]());

const NOW = new Date(2026, 10, 21, 8, 0, 0).getTime();
const commands = () =>
  createTaskBreakdownSource({ id: sourceId('plan'), path, clock: createFakeClock(NOW) }).commands;
const by = (text: string) => text.replace(/ by [^"]+"/gu, ' by SOMEBODY"');

describe('cancel and retry in a task breakdown', () => {
  it('write nothing into a list that has a word which no breakdown has', async () => {
    const text =
      '{"tasks":[{"id":1,"description":"a","status":"pending"},{"id":2,"description":"b","status":"deferred"}]}';
    await writeFile(path, text);
    expect(await commands().cancel?.('1', commandContext())).toMatchObject({
      kind: 'refused',
      problem: { message: expect.stringContaining('a breakdown has no status "deferred"') },
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('change what the command says and nothing else', async () => {
    const before =
      '{\n    "tasks": [\n        {\n            "status": "in_progress",\n            "id": "T1",\n            "odd": 1.0,\n            "notes": []\n        }\n    ],\n    "more": {}\n}\n';
    await writeFile(path, before);
    expect(await commands().cancel?.('T1', commandContext())).toEqual({ kind: 'sent' });
    expect(by(await readFile(path, 'utf8'))).toBe(
      '{\n    "tasks": [\n        {\n            "status": "failed",\n            "id": "T1",\n            "odd": 1.0,\n            "notes": [\n                {\n                    "timestamp": "2026-11-21T08:00:00.000000",\n                    "note": "Cancelled by SOMEBODY"\n                }\n            ],\n            "completed_at": "2026-11-21T08:00:00.000000",\n            "result": "Cancelled",\n            "status_updated_at": "2026-11-21T08:00:00.000000"\n        }\n    ],\n    "more": {}\n}\n',
    );
  });

  it('keep the history of a retried task', async () => {
    await writeFile(
      path,
      JSON.stringify({
        tasks: [
          {
            id: 'T1',
            status: 'failed',
            completed_at: 'then',
            result: 'no network',
            attempts: 1,
            notes: 'odd',
          },
        ],
      }),
    );
    expect(await commands().retry?.('T1', commandContext())).toEqual({ kind: 'sent' });
    expect(JSON.parse(by(await readFile(path, 'utf8'))).tasks[0]).toEqual({
      id: 'T1',
      status: 'pending',
      completed_at: 'then',
      result: 'no network',
      attempts: 1,
      notes: ['odd', { timestamp: '2026-11-21T08:00:00.000000', note: 'Retry asked for by SOMEBODY' }],
      status_updated_at: '2026-11-21T08:00:00.000000',
    });
  });

  it('are refused if they make no sense any more, without touching the file', async () => {
    const text = '{"tasks":[{"id":"T1","status":"completed"},{"id":"T2"}]}';
    await writeFile(path, text);
    const answers = [
      await commands().cancel?.('T1', commandContext()),
      await commands().retry?.('T2', commandContext()),
      await commands().cancel?.('T3', commandContext()),
    ].map((answer) => (answer?.kind === 'refused' ? answer.problem.message : answer));
    expect(answers).toEqual([
      'cancel: not possible: the task is already completed',
      'retry: not possible: the task is already pending',
      `cancel: ${path} has no task T3`,
    ]);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('are refused where there is no file', async () => {
    const answer = await commands().cancel?.('T1', commandContext());
    expect(answer).toMatchObject({ kind: 'refused', problem: { message: `cancel: there is no ${path}` } });
  });

  it.runIf(hasSharedFixtures)('leave the rest of a recorded file as it was', async () => {
    const before = sharedFixture('jetbox/run-09.json');
    await writeFile(path, before);
    await commands().cancel?.('T6', commandContext());
    const after = await readFile(path, 'utf8');
    const lines = new Set(before.split('\n'));
    const news = by(after)
      .split('\n')
      .filter((line) => !lines.has(line));
    expect(news).toEqual([
      '      "status": "failed",',
      '      "completed_at": "2026-11-21T08:00:00.000000",',
      '      "result": "Cancelled",',
      '          "timestamp": "2026-11-21T08:00:00.000000",',
      '          "note": "Cancelled by SOMEBODY"',
      '      "status_updated_at": "2026-11-21T08:00:00.000000"',
    ]);
  });

  it('work while another program truncates the file in place', async () => {
    // Long enough that the writer needs many chunks; both sides write what the other must not lose.
    const tasks = Array.from({ length: 200 }, (_, i) => ({ id: `T${i}`, description: 'x'.repeat(200) }));
    await writeFile(path, JSON.stringify({ total_tasks: 200, tasks }, null, 2));
    const writer = fork(new URL('./foreign-writer.ts', import.meta.url), [path], { stdio: 'ignore' });
    const ended = once(writer, 'exit');
    const source = createTaskBreakdownSource({ id: sourceId('plan'), path, clock: systemClock });
    const view = openView(source);
    await view.live();
    for (let i = 0; i < 20; i += 1)
      expect(await source.commands.cancel?.(`T${i}`, commandContext())).toEqual({ kind: 'sent' });
    writer.send('stop');
    await ended;
    const document = JSON.parse(await readFile(path, 'utf8'));
    expect(document.tasks).toHaveLength(200);
    expect(document.rounds).toBeGreaterThan(0);
    // What was incomplete in between was never shown.
    expect(view.events.filter(({ type }) => type === 'problem' || type === 'removed')).toEqual([]);
    await eventually(() => expect(Object.values(view.statuses())).toHaveLength(200));
    await view.close();
  });
});
