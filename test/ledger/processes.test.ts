import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { migrateLedger } from '../../src/ledger/open.ts';
import { TaskTrackingService } from '../../src/ledger/service.ts';
import { connectLedger } from '../../src/ledger/sql/ledger-file.ts';
import { runKillTrial, runSharingTrial } from '../helpers/ledger-trials.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

test('processes that write at once lose nothing and meet no lock', async () => {
  const figures = await runSharingTrial(3, 60);
  expect(figures).toMatchObject({ lines: 180, unequal: 0, complaints: '' });
}, 120_000);

test('a writer that is killed leaves a whole ledger', async () => {
  let n = 0;
  const figures = await runKillTrial(5, () => (n++ * 0.37) % 1);
  expect(figures).toMatchObject({ kills: 5, broken: 0, complaints: '' });
  expect(figures.lines).toBeGreaterThan(1);
}, 120_000);

test('a scheduler that writes all the time is not hindered by its guest, nor the guest by it', async () => {
  await using directory = await temporaryDirectory();
  const path = directory.file('jobs.db');
  connectLedger(path, (database) => {
    database.exec(`
      CREATE TABLE jobs (id INTEGER PRIMARY KEY, job_name TEXT);
      CREATE TABLE job_runs (id INTEGER PRIMARY KEY, job_name TEXT, queue_name TEXT, priority INTEGER, status TEXT)`);
    database.close();
  });
  const scheduler = spawn(process.execPath, [join(import.meta.dirname, '../helpers/scheduler.ts'), path]);
  onTestFinished(() => void scheduler.kill('SIGKILL'));
  await once(scheduler.stdout, 'data');

  expect(await migrateLedger(path)).toMatchObject({ applied: [1], isGuest: true });
  const ledger = await TaskTrackingService.open({ path });
  await ledger.register({ id: 'a', job: 'ExampleJob' });
  await ledger.start('a', { jobRun: 1 });
  for (let percent = 1; percent <= 60; percent += 1) await ledger.update('a', { progress: percent });
  expect((await ledger.complete('a')).status.version).toBe(63);
  await ledger.close();

  const said = text(scheduler.stdout);
  scheduler.stdin.end();
  const { inserted, failures } = JSON.parse(await said);
  expect(failures).toEqual([]);
  connectLedger(path, (database) => {
    const { n } = database.prepare('SELECT count(*) AS n FROM job_runs').get() ?? {};
    expect(n).toBe(inserted);
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'delete' });
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    database.close();
  });
}, 120_000);
