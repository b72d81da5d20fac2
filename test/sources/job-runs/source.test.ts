import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { sourceId } from '../../../src/model/id.ts';
import { createJobRunsSource } from '../../../src/sources/job-runs/source.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { type Dialect, openJobDatabase, statusValue } from '../../helpers/job-database.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

const WORDS = { queued: 'pending', running: 'running', completed: 'success', failed: 'failed' } as const;

describeSourceContract('the job runs source, TEXT dialect', () => makeWorld('TEXT', 'DELETE'));
describeSourceContract('the job runs source, INTEGER dialect, WAL', () => makeWorld('INTEGER', 'WAL'));

async function makeWorld(dialect: Dialect, journalMode: string) {
  const directory = await temporaryDirectory();
  const path = directory.file('gut-punch.db');
  const scheduler = openJobDatabase(path, dialect);
  scheduler.database.exec(`PRAGMA journal_mode = ${journalMode}`);

  return {
    source: createJobRunsSource({ id: sourceId('gut-punch.db'), path, clock: hurriedClock }),
    async add({ name, status }: { name: string; status: WorldStatus }) {
      const startedAt = Date.now();
      const job = name;
      scheduler.addJob(job);
      scheduler.addRun({ job, status: WORDS[status], ...(status === 'queued' ? {} : { startedAt }) });
      return job;
    },
    async change(nativeId: string, status: WorldStatus) {
      const now = new Date().toISOString();
      scheduler.database
        .prepare('UPDATE job_runs SET status = ?, started_at = coalesce(started_at, ?) WHERE job_name = ?')
        .run(statusValue(dialect, WORDS[status]), now, nativeId);
    },
    async remove(nativeId: string) {
      for (const table of ['job_runs', 'jobs'])
        scheduler.database.prepare(`DELETE FROM ${table} WHERE job_name = ?`).run(nativeId);
    },
    async breakDown() {
      renameSync(path, `${path}.away`);
      if (journalMode === 'WAL') renameSync(`${path}-wal`, `${path}.away-wal`);
      writeFileSync(path, 'this is no database, however long it may be');
    },
    async mend() {
      rmSync(path);
      if (journalMode === 'WAL') renameSync(`${path}.away-wal`, `${path}-wal`);
      renameSync(`${path}.away`, path);
    },
    async close() {
      scheduler.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}
