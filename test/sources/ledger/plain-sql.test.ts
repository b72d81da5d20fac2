import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { TaskTrackingService } from '../../../src/ledger/service.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createLedgerSource } from '../../../src/sources/ledger/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView, type View } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let ledger: TaskTrackingService;
let other: DatabaseSync;
let view: View;
beforeEach(async () => {
  directory = await temporaryDirectory();
  const path = directory.file('ledger.db');
  ledger = await TaskTrackingService.open({ path });
  // More than a page of them.
  await ledger.register(Array.from({ length: 1_500 }, (_, n) => ({ id: `t${String(n).padStart(4, '0')}` })));
  await ledger.register([
    { id: 'a', steps: ['one'] },
    { id: 'b', dependencies: ['a'] },
  ]);
  await ledger.start('a');
  other = new DatabaseSync(path);
  view = openView(createLedgerSource({ id: sourceId('ledger'), path, clock: hurriedClock }));
  await view.live();
});
afterEach(async () => {
  await view.close();
  other.close();
  await ledger.close();
  await directory[Symbol.asyncDispose]();
});

const NOW = systemClock.now();

describe('what another program writes into a ledger without a line in its history is seen', () => {
  test.each<[string, string, string, object]>([
    [
      'a status',
      "UPDATE task_statuses SET status = 'completed' WHERE task = 'a'",
      'a',
      { state: { status: 'completed' } },
    ],
    [
      'what waits for it',
      "UPDATE task_statuses SET status = 'completed' WHERE task = 'a'",
      'b',
      { state: { status: 'queued' } },
    ],
    [
      'progress',
      "UPDATE task_statuses SET progress = 42 WHERE task = 't1499'",
      't1499',
      { reportedProgress: 42 },
    ],
    [
      'steps',
      "UPDATE task_statuses SET steps = replace(steps, 'pending', 'running') WHERE task = 'a'",
      'a',
      { steps: [{ status: 'running' }] },
    ],
    [
      'a name',
      "UPDATE task_definitions SET name = 'Renamed' WHERE id = 't0000'",
      't0000',
      { name: 'Renamed' },
    ],
    [
      'labels',
      `UPDATE task_definitions SET document = '{"labels":{"team":"ops"}}' WHERE id = 'a'`,
      'a',
      { labels: { team: 'ops' } },
    ],
    [
      'a note',
      `INSERT INTO task_notes (task, at, text) VALUES ('a', ${NOW}, 'hello')`,
      'a',
      { notes: [{ text: 'hello' }] },
    ],
    [
      'a dependency',
      "INSERT INTO task_dependencies VALUES ('t0001', 0, 'a')",
      't0001',
      { state: { status: 'waiting' } },
    ],
    [
      'a task',
      `INSERT INTO task_definitions VALUES ('zz', 'New', NULL, NULL, NULL, NULL, '{}', ${NOW}, ${NOW});
       INSERT INTO task_statuses VALUES ('zz', 1, 1, 'pending', 1, NULL, NULL, '[]', NULL, NULL, NULL, 0, NULL, NULL, 1, ${NOW}, NULL, NULL, ${NOW})`,
      'zz',
      { name: 'New' },
    ],
  ])('%s', async (_what, sql, id, expected) => {
    other.exec(sql);
    await eventually(() => expect(view.task(id)).toMatchObject(expected));
  });

  test('also while the ledger itself goes on', async () => {
    await ledger.update('a', { step: { name: 'one', progress: 10 } });
    other.exec("UPDATE task_statuses SET status = 'failed' WHERE task = 't0007'");
    await ledger.update('a', { step: { name: 'one', progress: 20 } });
    await eventually(() => expect(view.task('t0007')?.state.status).toBe('failed'));
    await eventually(() => expect(view.task('a')?.steps[0]?.progress).toBe(20));
  });

  test('a deleted task is gone', async () => {
    other.exec("PRAGMA foreign_keys = ON; DELETE FROM task_definitions WHERE id = 't0003'");
    await eventually(() => expect(Object.keys(view.statuses())).toHaveLength(1_501));
  });
});
