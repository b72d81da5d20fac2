import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, createFakeClock, systemClock } from '../../../src/clock.ts';
import { sourceId } from '../../../src/model/id.ts';
import { createJobRunsSource } from '../../../src/sources/job-runs/source.ts';
import { createFileSource } from '../../../src/sources/open/file-source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { openJobDatabase } from '../../helpers/job-database.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { openView, type View } from '../source-contract.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let path: string;
let view: View | undefined;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = directory.file('gut-punch.db');
});
afterEach(async () => {
  await view?.close();
  view = undefined;
  await directory[Symbol.asyncDispose]();
});

const open = (clock: Clock = hurriedClock) =>
  openView(createJobRunsSource({ id: sourceId('gut-punch.db'), path, clock }));

/** A scheduler in its own process; `end` resolves with what it says at last. */
async function startScheduler(mode: string, everyMs: number) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'impatient-scheduler.ts'), path, mode, String(everyMs)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  await eventually(() => expect(lines).toEqual(['ready']));
  return {
    async end(): Promise<{ writes: number; failure: string | null }> {
      child.stdin.end();
      await once(child, 'close');
      return JSON.parse(lines[1] ?? 'null');
    },
  };
}

describe.each(['DELETE', 'PERSIST', 'WAL'])('a scheduler without patience, in mode %s', (mode) => {
  test.each([100, 2])(
    'writes every %i ms, unharmed, while its jobs are watched',
    { timeout: 60_000 },
    async (everyMs) => {
      const scheduler = await startScheduler(mode, everyMs);
      view = open();
      await view.live();
      const seen = () => view?.events.filter((event) => event.type === 'changed').length ?? 0;
      // On a slow disk its journal is there nearly all the time, and most looks find it at work.
      await eventually(() => expect(seen()).toBeGreaterThan(5));
      const { writes, failure } = await scheduler.end();
      expect(failure).toBeNull();
      expect(writes).toBeGreaterThan(5);
      await eventually(() =>
        expect(view?.task('Backup').notes.at(-1)?.text).toContain(`run ${writes / 3}: success`),
      );
      expect(view.record().problem).toBeNull();
      // Who closes it in the moment in which it is read leaves its WAL to the next one.
      if (mode === 'WAL') openJobDatabase(path).close();
      expect(readdirSync(directory.path)).toEqual(
        mode === 'PERSIST' ? ['gut-punch.db', 'gut-punch.db-journal'] : ['gut-punch.db'],
      );
    },
  );
});

describe('a job database', () => {
  const write = () => {
    const jobs = openJobDatabase(path);
    jobs.addJob('Backup');
    jobs.addRun({ job: 'Backup', status: 'failed', startedAt: Date.now() });
    jobs.close();
  };

  test('may appear later, be deleted, cut, and replaced by another', { timeout: 60_000 }, async () => {
    view = open();
    await eventually(() => expect(view?.record().problem?.kind).toBe('missing'));
    write();
    await view.live();
    expect(view.statuses()).toEqual({ Backup: 'failed' });

    rmSync(path);
    await eventually(() => expect(view?.record().problem?.kind).toBe('missing'));
    expect(view.statuses()).toEqual({ Backup: 'failed' });

    const other = openJobDatabase(directory.file('other.db'), 'INTEGER');
    other.addRun({ job: 'Report', status: 'running', startedAt: Date.now() });
    other.close();
    renameSync(directory.file('other.db'), path);
    await eventually(() => expect(view?.statuses()).toEqual({ Report: 'running' }));

    truncateSync(path, 5_000);
    await eventually(() => expect(view?.record().problem?.kind).toBe('malformed'));
    expect(view.record().problem?.message).toContain('is damaged');
    expect(view.statuses()).toEqual({ Report: 'running' });
  });

  test.each(['DELETE', 'WAL'])('that a link leads to is followed, in mode %s', async (mode) => {
    mkdirSync(directory.file('elsewhere'));
    const jobs = openJobDatabase(directory.file('elsewhere/jobs.db'));
    jobs.database.exec(`PRAGMA journal_mode = ${mode}`);
    symlinkSync(directory.file('elsewhere/jobs.db'), path);
    view = open();
    await view.live();
    jobs.addRun({ job: 'Report', status: 'running', startedAt: Date.now() });
    await eventually(() => expect(view?.statuses()).toEqual({ Report: 'running' }));
    jobs.close();
  });

  test.each([
    ['text', 'this is no database, however long it may be', 'is not a SQLite database, or is encrypted'],
    ['noise', 'SQLite format 3\0'.padEnd(4_096, '\u0007'), 'gut-punch.db'],
  ])('that is %s is named', async (_, bytes, message) => {
    writeFileSync(path, bytes);
    view = open();
    await eventually(() => expect(view?.record().problem?.message).toContain(message));
    expect(view.record().status).toBe('down');
  });

  test('with other tables is named, until the right ones are made', async () => {
    const jobs = openJobDatabase(path);
    jobs.database.exec('DROP TABLE jobs; DROP TABLE job_runs');
    view = open();
    await eventually(() =>
      expect(view?.record().problem?.message).toContain('has neither jobs nor job_runs'),
    );
    jobs.database.exec('CREATE TABLE job_runs (job_name TEXT, status TEXT)');
    await view.live();
    jobs.close();
  });

  test('in the middle of a long write: a problem after two seconds, and the view stays', {
    timeout: 30_000,
  }, async () => {
    write();
    view = open();
    await view.live();
    const jobs = openJobDatabase(path);
    jobs.database.exec('PRAGMA cache_size = 1; BEGIN');
    for (let i = 0; i < 2_000; i += 1)
      jobs.addRun({ job: 'Noise', status: 'pending', output: 'x'.repeat(500) });
    await eventually(() => expect(view?.record().problem?.message).toContain('is being written'));
    expect(view.statuses()).toEqual({ Backup: 'failed' });
    jobs.database.exec('COMMIT');
    await eventually(() => expect(view?.statuses()).toEqual({ Backup: 'failed', Noise: 'queued' }));
    expect(view.record().problem).toBeNull();
    jobs.close();
  });

  test('at rest is marked stale by the clock alone', async () => {
    const jobs = openJobDatabase(path);
    const startedAt = Math.floor(systemClock.now());
    jobs.addRun({ job: 'Backup', status: 'running', startedAt });
    jobs.schedule('Backup', startedAt);
    jobs.close();
    const modifiedAt = Math.ceil(statSync(path).mtimeMs);
    const clock = createFakeClock(modifiedAt + 1_000);
    view = open(clock);
    await view.live();
    expect(view.task('Backup').state).toEqual({ status: 'running', reason: null });
    clock.advance(60_000);
    await eventually(() => expect(view?.task('Backup').labels.stale).toBe('1 run'));
  });

  test('is recognised by its tables, also when it comes later', async () => {
    view = openView(await createFileSource({ id: sourceId('x'), path, clock: hurriedClock }));
    await eventually(() => expect(view?.record().problem?.kind).toBe('missing'));
    write();
    await view.live();
    expect(view.record().kind).toBe('job-runs');
    expect(view.statuses()).toEqual({ Backup: 'failed' });
  });
});
