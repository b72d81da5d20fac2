import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrateLedger } from '../../src/ledger/open.ts';
import { TaskTrackingService } from '../../src/ledger/service.ts';
import { connectLedger } from '../../src/ledger/sql/ledger-file.ts';
import { refusalOf, temporaryLedger } from '../helpers/ledger.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const open = (path: string, options = {}) => TaskTrackingService.open({ path, ...options });

describe('opening', () => {
  test.each([
    ['text', 'this is no database, however long it may be. '.repeat(20)],
    ['encrypted', randomBytes(8192)],
  ])('%s: says that it is no database, and leaves it alone', async (_, content) => {
    await using directory = await temporaryDirectory();
    const path = directory.file('x.db');
    writeFileSync(path, content);
    const { code, problem } = await refusalOf(open(path));
    expect(code).toBe('database');
    expect(problem.message).toBe(`${path} is not a SQLite database, or is encrypted`);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
    expect((await refusalOf(migrateLedger(path))).code).toBe('database');
  });

  test.skipIf(process.getuid?.() !== 0).each([
    ['to a ledger', 'ledger.db', 'real/ledger.db'],
    ['to a database of another program', 'jobs.db', 'real/jobs.db'],
    ['to no file yet', 'new.db', 'real/new.db'],
    ['on the way', 'folder', 'real'],
    ['behind one of ours', 'theirs', 'real/ledger.db'],
  ])("a stranger's link %s: is not followed, and nothing behind it is touched", async (_, name, target) => {
    await using directory = await temporaryDirectory();
    const { file } = directory;
    mkdirSync(file('real'));
    await (await open(file('real/ledger.db'))).close();
    connectLedger(file('real/jobs.db'), (database) => {
      database.exec('CREATE TABLE jobs (id INTEGER)');
      database.close();
    });
    symlinkSync(target, file(name));
    lchownSync(file(name), 65_534, 65_534);
    symlinkSync('theirs', file('ours.db'));
    const path = { folder: file('folder/new.db'), theirs: file('ours.db') }[name] ?? file(name);
    const before = ['ledger.db', 'jobs.db'].map((each) => readFileSync(file(`real/${each}`)));
    const { code, problem } = await refusalOf(open(path).then((ledger) => ledger.register({ id: 'a' })));
    expect(code).toBe('database');
    expect(problem.message).toContain('belongs to another user (uid 65534), and is not followed');
    if (existsSync(path)) expect((await refusalOf(migrateLedger(path))).code).toBe('database');
    expect(['ledger.db', 'jobs.db'].map((each) => readFileSync(file(`real/${each}`)))).toEqual(before);
    expect(existsSync(file('real/new.db'))).toBe(false);
  });

  test('a ledger that is cut off: says that it is damaged', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register(Array.from({ length: 500 }, (_, n) => ({ id: `t${n}` })));
    await world.ledger.close();
    writeFileSync(world.path, readFileSync(world.path).subarray(0, 40_000));
    const { problem } = await refusalOf(open(world.path).then((ledger) => ledger.query()));
    expect(problem.kind).toBe('malformed');
    expect(problem.message).toContain('is damaged');
  });

  test("another program's database: says whose tables are there, and how to move in", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('jobs.db');
    connectLedger(path, (database) => {
      database.exec('CREATE TABLE jobs (id INTEGER); CREATE TABLE job_runs (id INTEGER)');
      database.close();
    });
    const { problem } = await refusalOf(open(path));
    expect(problem.message).toBe(`${path} is another program's database (jobs, job_runs)`);
    expect(problem.hint).toContain(`taskglass ledger migrate --db ${path}`);
    expect(await migrateLedger(path)).toMatchObject({ applied: [1], isGuest: true });
    const ledger = await open(path);
    expect(ledger.isGuest).toBe(true);
    await ledger.register({ id: 'a', job: 'nightly' });
    expect((await ledger.complete('a')).status.status).toBe('completed');
    await ledger.close();
  });

  test('a newer schema: says to update', async () => {
    await using world = await temporaryLedger();
    await world.ledger.close();
    connectLedger(world.path, (database) => {
      database.exec("INSERT INTO ledger_migrations VALUES (9, 'x')");
      database.close();
    });
    const { problem } = await refusalOf(open(world.path));
    expect(problem.message).toContain('was written by a newer taskglass: schema version 9');
    expect(problem.hint).toContain('update taskglass');
  });

  test('no file where there has to be one, no directory, a directory', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.file('x.db');
    expect((await refusalOf(open(path, { createIfMissing: false }))).problem.message).toBe(
      `there is no ${path}`,
    );
    expect((await refusalOf(migrateLedger(path))).problem.message).toBe(`there is no ${path}`);
    const nowhere = await refusalOf(open(directory.file('no/such/x.db')));
    expect(nowhere.problem.message).toContain('cannot be opened');
    expect((await refusalOf(open(directory.path))).code).toBe('database');
  });

  test('makes the data directory for the default ledger', async () => {
    await using directory = await temporaryDirectory();
    const ledger = await TaskTrackingService.open({ env: { TASKGLASS_HOME: directory.file('home') } });
    expect(ledger.path).toBe(directory.file('home/ledger.db'));
    await ledger.close();
  });
});

describe('a file that somebody keeps to himself', () => {
  /** A process that holds the write lock until it is told to let go. */
  async function lock(path: string): Promise<ChildProcess> {
    const program = `
      const database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(process.argv[1]);
      database.exec('BEGIN IMMEDIATE');
      console.log('locked');
      process.stdin.once('data', () => { database.exec('COMMIT'); process.exit(); });`;
    const locker = spawn(process.execPath, ['--no-warnings', '--eval', program, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void locker.kill('SIGKILL'));
    if (locker.stdout) await once(locker.stdout, 'data');
    return locker;
  }

  test('is waited for', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register({ id: 'a' });
    const locker = await lock(world.path);
    const started = world.ledger.start('a');
    expect((await world.ledger.get('a')).status.status).toBe('pending');
    locker.stdin?.write('let go');
    expect((await started).status.status).toBe('in_progress');
  });

  test('past the limit is a problem, and nothing was changed', async () => {
    await using world = await temporaryLedger({ lockTimeoutMs: 300 });
    await world.ledger.register({ id: 'a' });
    const locker = await lock(world.path);
    const { code, problem } = await refusalOf(world.ledger.start('a'));
    expect(code).toBe('database');
    expect(problem.message).toBe(`another program is blocking ${world.path}`);
    expect(problem.message).not.toContain('locked');
    locker.stdin?.write('let go');
    await once(locker, 'exit');
    expect((await world.ledger.get('a')).status).toMatchObject({ status: 'pending', version: 1 });
    expect((await world.ledger.start('a')).status.version).toBe(2);
  });
});

describe('rows that somebody has written by hand', () => {
  test('are read as far as they make sense, and what cannot be read verifies nothing', async () => {
    await using world = await temporaryLedger();
    const { ledger, path } = world;
    await ledger.register([{ id: 'a' }, { id: 'b' }]);
    connectLedger(path, (database) => {
      database.exec(`
        UPDATE task_definitions SET document = '{"verification":7,"steps":[1,{"weight":"x"}],"labels":{"n":5}}' WHERE id = 'a';
        UPDATE task_definitions SET document = '[]' WHERE id = 'b';
        UPDATE task_statuses SET steps = '[null,{"name":3,"status":"?","progress":"40"}]'`);
      database.close();
    });
    const [a, b] = await ledger.query();
    expect(a?.definition).toMatchObject({ steps: [{ name: '', weight: 1 }], labels: { n: '5' } });
    expect(a?.status.steps).toMatchObject([{ name: '', status: 'pending', progress: 40 }]);
    expect(b?.definition).toMatchObject({ verification: null, beforeCompletion: [], extra: {} });
    expect((await refusalOf(ledger.complete('a'))).message).toContain('it could not be started');
    expect((await ledger.get('a')).status.status).toBe('pending');
  });

  test('a number that JavaScript has no room for is a problem of the file', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register({ id: 'a' });
    connectLedger(world.path, (database) => {
      database.exec('UPDATE task_statuses SET updated_at = 9223372036854775807');
      database.close();
    });
    const { code, problem } = await refusalOf(world.ledger.query());
    expect([code, problem.kind]).toEqual(['database', 'malformed']);
    expect(problem.message).toMatch(/holds data that taskglass did not write: .*9223372036854775807/);
  });

  test('a table that is dropped under an open ledger is named', async () => {
    await using world = await temporaryLedger();
    connectLedger(world.path, (database) => {
      database.exec('DROP TABLE task_dependencies');
      database.close();
    });
    const { code, problem } = await refusalOf(world.ledger.register({ id: 'a' }));
    expect(code).toBe('database');
    expect(problem.message).toContain(
      'does not have the tables that it should have: no such table: task_dependencies',
    );
  });
});

describe('a file under an open ledger', () => {
  test('that is deleted or replaced is noticed before anything is lost in it', async () => {
    await using world = await temporaryLedger();
    const { ledger, path } = world;
    await ledger.register({ id: 'a' });
    renameSync(path, `${path}.moved`);
    const { code, problem } = await refusalOf(ledger.start('a'));
    expect(code).toBe('database');
    expect(problem).toMatchObject({
      kind: 'missing',
      message: `${path} was deleted or replaced while it was open`,
    });
    await refusalOf(ledger.get('a'));
    renameSync(`${path}.moved`, path);
    expect((await ledger.start('a')).status.version).toBe(2);

    rmSync(path);
    writeFileSync(path, '');
    expect((await refusalOf(ledger.cancel('a'))).problem.kind).toBe('missing');
  });

  test.skipIf(process.getuid?.() !== 0)(
    'on a disk that may not be written: a problem for each change',
    async () => {
      await using world = await temporaryLedger();
      await world.ledger.register({ id: 'a' });
      await world.ledger.close();
      chmodSync(world.file('.'), 0o555);
      chmodSync(world.path, 0o444);
      const script = new URL('../helpers/ledger-as-nobody.ts', import.meta.url);
      const child = fork(script, [world.path]);
      onTestFinished(() => void child.kill('SIGKILL'));
      const [said] = await once(child, 'message');
      chmodSync(world.file('.'), 0o755);
      expect(said).toEqual({
        code: 'database',
        message: `${world.path} cannot be written: the disk or the file is read-only`,
      });
    },
  );
});
