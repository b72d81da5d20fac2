import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { migrateLedger } from '../../src/ledger/open.ts';
import { TaskTrackingService } from '../../src/ledger/service.ts';
import { sourceId } from '../../src/model/id.ts';
import { createLedgerSource } from '../../src/sources/ledger/source.ts';
import { refusalOf, temporaryLedger } from '../helpers/ledger.ts';

const ENDLESS = '(WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c)';
const OTHER_TABLE =
  'CREATE TABLE other (task, run, FOREIGN KEY (task, run) REFERENCES task_statuses ON UPDATE CASCADE);';

/** A ledger with a running task, and these statements of a stranger's; closed. */
async function hostileLedger(sql: string) {
  const world = await temporaryLedger();
  await world.ledger.register({ id: 'A' });
  await world.ledger.start('A');
  await world.ledger.close();
  const database = new DatabaseSync(world.path);
  database.exec(sql);
  database.close();
  return world;
}

describe('a ledger in which a stranger has put what runs at each change', () => {
  test.each([
    [
      'a trigger',
      `CREATE TRIGGER evil AFTER UPDATE ON task_statuses BEGIN UPDATE task_definitions SET name = ${ENDLESS}; END`,
    ],
    [
      'one of another table of ours',
      `CREATE TRIGGER evil BEFORE INSERT ON task_status_history WHEN ${ENDLESS} BEGIN SELECT 1; END`,
    ],
    [
      'one that has the name of a table',
      `CREATE TRIGGER task_notes AFTER UPDATE ON task_statuses BEGIN SELECT ${ENDLESS}; END`,
    ],
    [
      'one of a table that refers to ours',
      `${OTHER_TABLE} CREATE TRIGGER evil AFTER UPDATE ON other BEGIN SELECT ${ENDLESS}; END`,
    ],
    [
      'one of our own notes',
      `CREATE TRIGGER evil AFTER INSERT ON ledger_migrations BEGIN SELECT ${ENDLESS}; END`,
    ],
    ['an index that computes', "CREATE INDEX evil ON task_statuses (hex(status) LIKE '%1%2%3%')"],
    ['an index with a condition', "CREATE INDEX evil ON task_notes (id) WHERE text LIKE '%1%2%3%'"],
  ])('%s: is shown, and no change is tried', async (_what, sql) => {
    await using world = await hostileLedger(sql);
    const before = readFileSync(world.path);
    const { code, problem } = await refusalOf(TaskTrackingService.open({ path: world.path }));
    expect([code, problem.kind]).toEqual(['database', 'not-allowed']);
    expect(problem.message).toMatch(/(?:evil|task_notes) on \w+/u);
    expect((await refusalOf(migrateLedger(world.path))).problem.message).toBe(problem.message);
    expect(readFileSync(world.path)).toEqual(before);

    const stopping = new AbortController();
    const source = createLedgerSource({ id: sourceId('ledger'), path: world.path, clock: systemClock });
    for await (const event of source.events({ signal: stopping.signal })) {
      if (event.type !== 'snapshot') continue;
      expect(event.tasks.map(({ name, state }) => `${name} ${state.status}`)).toEqual(['A running']);
      stopping.abort();
    }
    const cancel = source.commands.cancel?.('A', { signal: AbortSignal.timeout(10_000), report: () => {} });
    expect(await cancel).toMatchObject({ kind: 'refused', problem: { kind: 'not-allowed' } });
  });

  test.each([
    [
      'a table and its trigger',
      'CREATE TABLE own (x); CREATE TRIGGER t AFTER INSERT ON own BEGIN DELETE FROM own; END',
    ],
    ['a table that refers to ours', OTHER_TABLE],
    ['an index on our columns', 'CREATE INDEX mine ON task_definitions (description)'],
    ['a view', `CREATE VIEW v AS SELECT ${ENDLESS}`],
  ])('%s of the user’s own is let be', async (_what, sql) => {
    await using world = await hostileLedger(sql);
    const ledger = await world.again();
    expect((await ledger.complete('A')).status.status).toBe('completed');
  });
});
