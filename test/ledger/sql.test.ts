import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../src/ledger/sql/check-schema.ts';
import { connectLedger, homeOf } from '../../src/ledger/sql/ledger-file.ts';
import { migrateLedger } from '../../src/ledger/sql/migrate-ledger.ts';
import { checkLedger, ForeignDatabaseError, openLedgerDatabase } from '../../src/ledger/sql/open-ledger.ts';
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS } from '../../src/ledger/sql/schema.ts';
import { selectTasks, TASK_SORTS } from '../../src/ledger/sql/select-tasks.ts';
import type { Migration } from '../../src/storage/migrate.ts';
import { loadSqlite } from '../../src/storage/open.ts';
import { hasSharedFixtures, sharedFixturePath } from '../helpers/shared-fixtures.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const NOW = Date.parse('2026-11-21T14:30:00Z');
const SECOND: Migration = {
  version: 2,
  sql: "UPDATE task_definitions SET module = 'all'",
  changesData: true,
};

describe("a ledger's own file", () => {
  test('is made for its owner, in WAL mode, and opened again as it is', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('l.db');
    for (const _ of [1, 2]) {
      const { database, home } = openLedgerDatabase(path, NOW);
      expect(home).toBe('own');
      expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
      expect(database.prepare('PRAGMA foreign_keys').get()).toMatchObject({ foreign_keys: 1 });
      database.close();
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory.path)).toEqual(['l.db']);
  });

  test('is backed up before its data are changed', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('l.db');
    const first = openLedgerDatabase(path, NOW).database;
    first.exec("INSERT INTO task_definitions VALUES ('a', 'A', NULL, NULL, 'mine', NULL, '{}', 1, 1)");
    first.close();
    const report = migrateLedger(path, NOW, [...LEDGER_MIGRATIONS, SECOND]);
    expect(report).toEqual({ applied: [2], backup: `${path}.2026-11-21T14-30-00-000Z.backup`, home: 'own' });
    const moduleIn = (file: string) =>
      connectLedger(file, (database) => {
        const row = database.prepare('SELECT module FROM task_definitions').get();
        database.close();
        return row?.module;
      });
    expect(moduleIn(path)).toBe('all');
    expect(moduleIn(report.backup ?? '')).toBe('mine');
    expect(statSync(report.backup ?? '').mode & 0o777).toBe(0o600);
    expect(migrateLedger(path, NOW, [...LEDGER_MIGRATIONS, SECOND])).toMatchObject({
      applied: [],
      backup: null,
    });
    expect(() => openLedgerDatabase(path, NOW)).toThrow('schema version 2 comes from a newer taskglass');
  });

  test.each([
    ['DROP TABLE task_notes', 'table task_notes is missing, index task_notes_by_task is missing'],
    ['ALTER TABLE task_definitions ADD COLUMN mine TEXT', 'table task_definitions was altered'],
    ['DROP INDEX task_statuses_by_status', 'index task_statuses_by_status is missing'],
  ])('%s: says what is wrong with its schema', async (sql, words) => {
    await using directory = await temporaryDirectory();
    const path = directory.file('l.db');
    const { database } = openLedgerDatabase(path, NOW);
    database.exec(`CREATE TABLE theirs (a); ${sql}`);
    database.close();
    expect(() => openLedgerDatabase(path, NOW)).toThrow(words);
  });

  test('a released migration never changes', () => {
    const sums = LEDGER_MIGRATIONS.map(({ sql }) => createHash('sha256').update(sql).digest('hex'));
    expect(sums.map((sum) => sum.slice(0, 16))).toEqual(['f8614be99cc2a5d8']);
    expect(LEDGER_MIGRATIONS.map(({ checksum }) => checksum)).toEqual(sums);
  });
});

describe("a guest in a scheduler's database", () => {
  const fixture = sharedFixturePath('gutpunch/text-status.db');

  /** All that is the scheduler's own: its schema, its rows, its settings. */
  function ownPart(path: string) {
    const { DatabaseSync } = loadSqlite();
    const database = new DatabaseSync(path, { readOnly: true });
    const part = {
      schema: database
        .prepare(
          "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '%task_%' AND name <> 'ledger_migrations' AND sql NOT NULL",
        )
        .all(),
      jobs: database.prepare('SELECT * FROM jobs').all(),
      runs: database.prepare('SELECT * FROM job_runs').all(),
      mode: database.prepare('PRAGMA journal_mode').get(),
      mark: database.prepare('PRAGMA application_id').get(),
      version: database.prepare('PRAGMA user_version').get(),
    };
    database.close();
    return part;
  }

  test.skipIf(!hasSharedFixtures)(
    'moves in only when that is asked for, after a backup, and leaves all else as it is',
    async () => {
      await using directory = await temporaryDirectory();
      const path = directory.file('jobs.db');
      copyFileSync(fixture, path);
      const before = readFileSync(path);
      expect(() => openLedgerDatabase(path, NOW)).toThrow(ForeignDatabaseError);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(directory.path)).toEqual(['jobs.db']);

      const own = ownPart(path);
      const report = migrateLedger(path, NOW);
      expect(report).toMatchObject({ applied: [1], home: 'guest' });
      expect(ownPart(path)).toEqual(own);
      expect(ownPart(report.backup ?? '')).toMatchObject({ jobs: own.jobs, runs: own.runs });
      const { database, home } = openLedgerDatabase(path, NOW);
      expect(home).toBe('guest');
      database.exec(
        "INSERT INTO task_definitions VALUES ('a', 'A', NULL, 'ExampleJob', NULL, NULL, '{}', 1, 1)",
      );
      database.close();
      expect(ownPart(path)).toEqual(own);
      expect(own.mode).toMatchObject({ journal_mode: 'delete' });
    },
  );

  test('an outdated guest is brought up to date only when that is asked for', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('jobs.db');
    connectLedger(path, (database) => {
      database.exec('CREATE TABLE jobs (id INTEGER); CREATE TABLE migrations (of_their_own TEXT)');
      database.close();
    });
    migrateLedger(path, NOW);
    const newer = [...LEDGER_MIGRATIONS, SECOND];
    expect(() => openLedgerDatabase(path, NOW, newer)).toThrow('taskglass ledger migrate');
    expect(migrateLedger(path, NOW + 1, newer)).toMatchObject({ applied: [2], home: 'guest' });
    const { database } = openLedgerDatabase(path, NOW, newer);
    expect(homeOf(database)).toBe('guest');
    checkSchema(database, newer);
    database.close();
  });

  test('a migration that fails changes nothing', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('jobs.db');
    connectLedger(path, (database) => {
      database.exec('CREATE TABLE task_notes (theirs TEXT)');
      database.close();
    });
    expect(() => migrateLedger(path, NOW)).toThrow('already exists');
    connectLedger(path, (database) => {
      expect(homeOf(database)).toBe('foreign');
      database.close();
    });
  });
});

describe('checking a ledger', () => {
  test('tells whose it is, and makes nothing where there is none', async () => {
    await using directory = await temporaryDirectory();
    connectLedger(directory.file('l.db'), (database) => {
      expect(() => checkLedger(database)).toThrow(ForeignDatabaseError);
      database.exec(`PRAGMA application_id = ${LEDGER_APPLICATION_ID}`);
      expect(() => checkLedger(database)).toThrow('older taskglass');
      expect(database.prepare('SELECT * FROM sqlite_schema').all()).toEqual([]);
      database.close();
    });
    const { database } = openLedgerDatabase(directory.file('l.db'), NOW);
    expect(checkLedger(database)).toBe('own');
    database.close();
  });
});

describe('a page of tasks', () => {
  const { database } = openLedgerDatabase(':memory:', NOW);
  const planOf = (filter: Parameters<typeof selectTasks>[0]) => {
    const { sql, values } = selectTasks(filter);
    return database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => detail)
      .join('; ');
  };

  test.each(TASK_SORTS.map((sort) => [sort]))('in the order of %s is read off an index', (sort) => {
    expect(planOf({ sort })).not.toMatch(/TEMP B-TREE/u);
  });

  test.each([
    [{ job: 'x' }, 'task_definitions_by_job (job=?)'],
    [{ module: 'x' }, 'task_definitions_by_module (module=?)'],
    [{ priority: 3 }, 'task_definitions_by_priority (<expr>=? AND priority=?)'],
    [{ priority: { atMost: 3 } }, 'task_definitions_by_priority (<expr>=? AND priority<?)'],
    [{ status: ['failed'] }, 'task_statuses_by_status (status=?)'],
    [{ since: 5 }, 'task_statuses_by_update (updated_at>?)'],
  ] as const)('%j uses its index', (filter, index) => {
    expect(planOf(filter)).toContain(index);
  });
});
