import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeClock, systemClock } from '../../src/clock.ts';
import { companionsOf, markDatabase, readCopied, readUntouched } from '../../src/storage/read-untouched.ts';
import type { Database } from '../../src/storage/transaction.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('of somebody %23 else?.db');
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Each file of the directory with its content's checksum, its stamp, size and inode. */
const traces = () =>
  readdirSync(directory.path)
    .sort()
    .map((name) => {
      const file = join(directory.path, name);
      const { mtimeMs, size, ino } = statSync(file);
      return [name, createHash('sha256').update(readFileSync(file)).digest('hex'), mtimeMs, size, ino];
    });

/** A WAL's index is shared within a process, and then also its writer's: see the test with two processes. */
const tracesButIndex = () => traces().filter(([name]) => !String(name).endsWith('-shm'));

const count = (database: Database) => database.prepare('SELECT count(*) AS n FROM fruits').get()?.n;
const make = (mode: string) => {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = ${mode}; PRAGMA busy_timeout = 0;
    CREATE TABLE fruits (name); INSERT INTO fruits VALUES ('pear')`);
  return database;
};

describe('a database of somebody else', () => {
  test.each(['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'WAL'])(
    'in mode %s: read, and no trace left',
    (mode) => {
      make(mode).close();
      const before = traces();
      expect(readUntouched(path, count)).toEqual({ value: 1 });
      expect(traces()).toEqual(before);
    },
  );

  test('by a link: its WAL and its journal lie beside the file, not beside the link', () => {
    mkdirSync(directory.file('links'));
    const link = directory.file('links/link.db');
    symlinkSync(path, link);
    const writer = make('WAL');
    writer.exec("INSERT INTO fruits VALUES ('plum')");
    expect(readUntouched(link, count)).toEqual({ value: 2 });
    expect(markDatabase(link, systemClock).text).toContain(String(statSync(`${path}-wal`).ino));
    expect(companionsOf(link)).toEqual([`${path}-journal`, `${path}-wal`]);
    writer.exec('PRAGMA journal_mode = DELETE');
    writer.close();

    writeFileSync(`${path}-journal`, Buffer.from('d9d505f920a163d7', 'hex'));
    expect(readUntouched(link, count)).toEqual({ isBusy: true });
  });

  test.each(['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'WAL'])(
    'in mode %s, open elsewhere: each write is seen, and none is hindered',
    (mode) => {
      const writer = make(mode);
      for (let fruits = 2; fruits <= 20; fruits += 1) {
        writer.exec("INSERT INTO fruits VALUES ('plum')");
        const before = tracesButIndex();
        expect(readUntouched(path, count)).toEqual({ value: fruits });
        expect(tracesButIndex()).toEqual(before);
      }
      writer.close();
      expect(readdirSync(directory.path).filter((name) => name.endsWith('-wal'))).toEqual([]);
    },
  );

  test('in mode WAL, open in another process: not even the index of the WAL changes', () => {
    const writer = make('WAL');
    writer.exec("INSERT INTO fruits VALUES ('plum')");
    const before = traces();
    expect(before).toHaveLength(3);
    const read = `import { readUntouched } from '${join(import.meta.dirname, '../../src/storage/read-untouched.ts')}';
      const read = (database) => database.prepare('SELECT count(*) AS n FROM fruits').get().n;
      console.log(JSON.stringify(readUntouched(process.argv[1], read)));`;
    const printed = execFileSync(process.execPath, [
      '--input-type=module',
      '--no-warnings',
      '-e',
      read,
      path,
    ]);
    expect(JSON.parse(String(printed))).toEqual({ value: 2 });
    expect(traces()).toEqual(before);
    writer.close();
  });

  test('is locked by nobody while it is read: a writer without patience writes in the middle of it', () => {
    const writer = make('DELETE');
    const reading = readUntouched(path, (database) => {
      const seen = count(database);
      writer.exec("BEGIN EXCLUSIVE; INSERT INTO fruits VALUES ('plum'); COMMIT");
      return seen;
    });
    // What was read then may be half old and half new: it does not count.
    expect(reading).toEqual({ isBusy: true });
    expect(readUntouched(path, count)).toEqual({ value: 2 });
    writer.close();
  });

  test('held locked for as long as anyone likes: read as it was before', () => {
    const writer = make('DELETE');
    writer.exec("BEGIN EXCLUSIVE; INSERT INTO fruits VALUES ('plum')");
    expect(readUntouched(path, count)).toEqual({ value: 1 });
    writer.exec('ROLLBACK');
    writer.close();
  });

  test('whose pages are being written: busy, and so for ever where its writer died over it', () => {
    const writer = make('DELETE');
    writer.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN');
    // More than the cache holds: pages reach the file before the commit.
    for (let i = 0; i < 2_000; i += 1) writer.exec('INSERT INTO fruits VALUES (hex(randomblob(500)))');
    expect(readUntouched(path, count)).toEqual({ isBusy: true });
    const crashed = directory.file('crashed.db');
    copyFileSync(path, crashed);
    copyFileSync(`${path}-journal`, `${crashed}-journal`);
    writer.exec('ROLLBACK');
    writer.close();
    const before = traces();
    expect(readUntouched(crashed, count)).toEqual({ isBusy: true });
    expect(traces()).toEqual(before);
    expect(readUntouched(path, count)).toEqual({ value: 1 });
  });

  test('whose writer died with a full WAL: all that was committed is read, and the WAL stays', () => {
    const writer = make('WAL');
    writer.exec("INSERT INTO fruits VALUES ('plum')");
    const crashed = directory.file('crashed.db');
    for (const end of ['', '-wal', '-shm']) copyFileSync(`${path}${end}`, `${crashed}${end}`);
    writer.close();
    const before = traces();
    expect(readUntouched(crashed, count)).toEqual({ value: 2 });
    expect(traces()).toEqual(before);

    rmSync(`${crashed}-shm`);
    expect(readUntouched(crashed, count)).toEqual({ value: 2 });
    expect(readdirSync(directory.path)).not.toContain('crashed.db-shm');
  });

  test('that may only be read, in a directory that may only be read', () => {
    make('WAL').close();
    chmodSync(path, 0o400);
    chmodSync(directory.path, 0o500);
    try {
      expect(readUntouched(path, count)).toEqual({ value: 1 });
    } finally {
      chmodSync(directory.path, 0o700);
    }
  });

  test('that is none, or not there: an error, and nothing is made', () => {
    writeFileSync(path, 'this is no database, however long it may be'.repeat(100));
    expect(() => readUntouched(path, count)).toThrow('file is not a database');
    expect(() => readUntouched(directory.file('none.db'), count)).toThrow('ENOENT');
    expect(readdirSync(directory.path)).toHaveLength(1);
  });

  test('its connection can write nothing', () => {
    make('DELETE').close();
    expect(() => readUntouched(path, (database) => database.exec('DELETE FROM fruits'))).toThrow('readonly');
  });
});

describe('the mark of a database', () => {
  test('changes with each write, also of the WAL, and stays while nothing is written', () => {
    const later = createFakeClock(systemClock.now() + 60_000);
    for (const mode of ['DELETE', 'WAL']) {
      rmSync(path, { force: true });
      const writer = make(mode);
      const before = markDatabase(path, later).text;
      expect(markDatabase(path, later).text).toBe(before);
      writer.exec('INSERT INTO fruits VALUES (hex(zeroblob(10000)))');
      expect(markDatabase(path, later).text).not.toBe(before);
      writer.close();
    }
  });

  test('made right after a write equals no other: the next write may leave the same stamps', () => {
    make('DELETE').close();
    const { modifiedAt } = markDatabase(path, systemClock);
    const clock = createFakeClock(Math.floor(modifiedAt) + 1);
    const fresh = markDatabase(path, clock).text;
    clock.advance(1);
    expect(markDatabase(path, clock).text).not.toBe(fresh);
    clock.advance(60_000);
    const settled = markDatabase(path, clock).text;
    clock.advance(60_000);
    expect(markDatabase(path, clock).text).toBe(settled);
  });
});

describe('read through a private copy, as before Node 22.15', () => {
  test.each(['DELETE', 'TRUNCATE', 'PERSIST', 'MEMORY', 'WAL'])(
    'in mode %s, closed and read-only',
    (mode) => {
      make(mode).close();
      chmodSync(path, 0o400);
      const before = traces();
      expect(readCopied(path, count)).toEqual({ value: 1 });
      expect(traces()).toEqual(before);
    },
  );

  test.each(['DELETE', 'WAL'])('in mode %s, open and written to', (mode) => {
    const writer = make(mode);
    writer.exec("INSERT INTO fruits VALUES ('plum')");
    const before = traces();
    expect(readCopied(path, count)).toEqual({ value: 2 });
    expect(traces()).toEqual(before);
    writer.exec("BEGIN; INSERT INTO fruits VALUES ('fig')");
    expect(readCopied(path, count)).toEqual({ value: 2 });
    writer.exec('COMMIT');
    expect(readCopied(path, count)).toEqual({ value: 3 });
    writer.close();
  });

  test('an empty file is an empty database, and what is none is said', () => {
    writeFileSync(path, '');
    expect(() => readCopied(path, count)).toThrow('no such table');
    writeFileSync(path, 'x'.repeat(5_000));
    expect(() => readCopied(path, count)).toThrow('file is not a database');
    expect(() => readCopied(directory.file('none.db'), count)).toThrow('ENOENT');
  });
});
