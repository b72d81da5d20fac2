import { stat, writeFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Migration } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { openOutbox, type StoredEvent, type StoredJob } from '../../src/storage/outbox.ts';
import { inTransaction } from '../../src/storage/transaction.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const FIRST: Migration = { version: 1, sql: 'CREATE TABLE fruits (name TEXT) STRICT' };
const SECOND: Migration = { version: 2, sql: "INSERT INTO fruits VALUES ('pear')" };

describe('a database', () => {
  test('is made for its owner only, and brought up to date once', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('x.db');
    openDatabase(path, [FIRST]).close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const _ of [1, 2]) {
      const database = openDatabase(path, [FIRST, SECOND]);
      expect(database.prepare('SELECT name FROM fruits').all()).toMatchObject([{ name: 'pear' }]);
      database.close();
    }
  });

  test('of a newer taskglass, of other steps, or that is none: refused, and left as it was', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('x.db');
    openDatabase(path, [FIRST, SECOND]).close();
    expect(() => openDatabase(path, [FIRST])).toThrow('schema version 2 comes from a newer taskglass');
    const other = { version: 2, sql: 'DROP TABLE fruits' };
    expect(() => openDatabase(path, [FIRST, other])).toThrow("schema version 2 is not this taskglass's own");
    const database = openDatabase(path, [FIRST, SECOND]);
    expect(database.prepare('SELECT count(*) AS n FROM fruits').get()).toMatchObject({ n: 1 });
    database.close();

    await writeFile(directory.file('text'), 'this is no database, however long it may be');
    expect(() => openDatabase(directory.file('text'), [FIRST])).toThrow('file is not a database');
  });

  test('a step that fails changes nothing', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('x.db');
    const broken = { version: 2, sql: 'CREATE TABLE halves (a); CREATE TABLE fruits (b)' };
    expect(() => openDatabase(path, [FIRST, broken])).toThrow('already exists');
    const database = openDatabase(path, []);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    expect(tables).toMatchObject([{ name: 'migrations' }]);
    database.close();
  });

  test('a transaction is all or nothing', () => {
    const database = openDatabase(':memory:', [FIRST]);
    expect(() =>
      inTransaction(database, () => {
        database.exec(SECOND.sql);
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(database.prepare('SELECT * FROM fruits').all()).toEqual([]);
    inTransaction(database, () => database.exec(SECOND.sql));
    expect(database.prepare('SELECT * FROM fruits').all()).toHaveLength(1);
    database.close();
  });

  test('opening one says nothing to the user', () => {
    const warned = vi.spyOn(process, 'emitWarning');
    openDatabase(':memory:', []).close();
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('an outbox', () => {
  const job = (changes: Partial<StoredJob> = {}): StoredJob => ({
    id: 'job',
    state: 'processing',
    ended: false,
    document: '{}',
    updatedAt: 1_000,
    ...changes,
  });
  const event = (id: string, replaceable = false): StoredEvent => ({
    id,
    job: 'job',
    replaceable,
    document: `{"id":"${id}"}`,
    storedAt: 1_000,
  });

  test('keeps jobs and events over a restart, in order', async () => {
    await using directory = await temporaryDirectory();
    const before = openOutbox(directory.file('o.db'), 0);
    before.record(job(), [event('begun')]);
    before.record(job({ state: 'completed', ended: true }), [event('result'), event('done')]);
    before.settle('begun', 'ws://a');
    before.remove('result');
    before.close();

    const after = openOutbox(directory.file('o.db'), 2_000);
    expect(after.jobs()).toEqual([job({ state: 'completed', ended: true })]);
    expect(after.events()).toEqual([event('begun'), event('done')]);
    expect(after.settledRelays('begun')).toEqual(['ws://a']);
    after.close();
  });

  test('progress gives way to what comes after it, moves do not', () => {
    const outbox = openOutbox(':memory:', 0);
    outbox.record(job(), [event('begun')]);
    outbox.record(job(), [event('10 %', true)]);
    outbox.record(job(), [event('20 %', true)]);
    expect(outbox.events().map(({ id }) => id)).toEqual(['begun', '20 %']);
    outbox.record(job(), [event('done')]);
    expect(outbox.events().map(({ id }) => id)).toEqual(['begun', 'done']);
    outbox.close();
  });

  test('forgets ended jobs after 30 days, others never', async () => {
    await using directory = await temporaryDirectory();
    const before = openOutbox(directory.file('o.db'), 0);
    before.record(job({ id: 'ended', state: 'failed', ended: true }), []);
    before.record(job({ id: 'waits', state: 'waiting' }), []);
    before.close();
    const after = openOutbox(directory.file('o.db'), 31 * 86_400_000);
    expect(after.jobs().map(({ id }) => id)).toEqual(['waits']);
    after.close();
  });

  test('belongs to one process at a time', async () => {
    await using directory = await temporaryDirectory();
    const outbox = openOutbox(directory.file('o.db'), 0);
    expect(() => openOutbox(directory.file('o.db'), 0)).toThrow('database is locked');
    outbox.close();
    openOutbox(directory.file('o.db'), 0).close();
  });
});
