import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUntouched } from '../../src/storage/read-untouched.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

/** A database in WAL mode with a row in the file and `later` rows in its log, as it was copied while it was open. */
async function copiedDatabase(later: number, withIndex = false) {
  const directory = await temporaryDirectory();
  const [live, path] = [directory.file('live.db'), directory.file('copy.db')];
  const writer = new DatabaseSync(live);
  writer.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n); INSERT INTO t VALUES (0)',
  );
  writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  for (let n = 1; n <= later; n += 1) writer.prepare('INSERT INTO t VALUES (?)').run(n);
  for (const end of withIndex ? ['', '-wal', '-shm'] : ['', '-wal'])
    copyFileSync(`${live}${end}`, `${path}${end}`);
  writer.close();
  rmSync(live, { force: true });
  return { path, directory, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

const numbersIn = (path: string) => {
  const reading = readUntouched(path, (database) => database.prepare('SELECT n FROM t ORDER BY n').all());
  return 'value' in reading ? reading.value.map(({ n }) => Number(n)) : 'busy';
};
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, n) => n);
const stateOf = (path: string) =>
  ['', '-wal', '-shm'].map((end) =>
    existsSync(path + end)
      ? [statSync(path + end).mtimeMs, readFileSync(path + end).toString('base64')]
      : null,
  );

describe('a write-ahead log without its index', () => {
  test('is read with its database, and neither is touched', async () => {
    await using world = await copiedDatabase(300);
    const before = stateOf(world.path);
    expect(numbersIn(world.path)).toEqual(upTo(300));
    expect(stateOf(world.path)).toEqual(before);
    expect(readdirSync(world.directory.path)).toEqual(['copy.db', 'copy.db-wal']);
  });

  test('that was cut anywhere holds what was committed before', async () => {
    await using world = await copiedDatabase(40);
    const log = readFileSync(`${world.path}-wal`);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: log.length }), fc.boolean(), (bytes, isDamaged) => {
        const rest = Buffer.from(log.subarray(0, bytes));
        if (isDamaged) rest.writeUInt8((rest.at(-1) ?? 0) ^ 1, bytes - 1);
        writeFileSync(`${world.path}-wal`, rest);
        const found = numbersIn(world.path);
        expect(found).toEqual(sqliteReads(world.path));
      }),
      { numRuns: 40 },
    );
  });

  /** As SQLite itself reads a copy of both. */
  function sqliteReads(path: string): number[] {
    for (const end of ['', '-wal']) copyFileSync(path + end, `${path}.again${end}`);
    const database = new DatabaseSync(`${path}.again`);
    const numbers = database
      .prepare('SELECT n FROM t ORDER BY n')
      .all()
      .map(({ n }) => Number(n));
    database.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}.again${end}`, { force: true });
    return numbers;
  }
});

describe('what is no write-ahead log hides nothing', () => {
  test.each([
    ['zeros', Buffer.alloc(100_000)],
    ['noise', Buffer.alloc(100_000, 'noise')],
    ['a word', Buffer.from('x')],
    [
      'a head without a sum',
      Buffer.concat([Buffer.from('377f068200 2de218'.replace(' ', ''), 'hex'), Buffer.alloc(4_000)]),
    ],
  ])('%s', async (_what, content) => {
    for (const withIndex of [false, true]) {
      await using world = await copiedDatabase(2, withIndex);
      writeFileSync(`${world.path}-wal`, content);
      const before = stateOf(world.path);
      expect(numbersIn(world.path)).toEqual([0]);
      expect(stateOf(world.path)).toEqual(before);
    }
  });
});
