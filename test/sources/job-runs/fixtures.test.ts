import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeJobRuns } from '../../../src/sources/job-runs/format.ts';
import { readRecords } from '../../helpers/job-database.ts';
import { hasSharedFixtures } from '../../helpers/shared-fixtures.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/fixtures/gutpunch');
/** Some time after the scheduler was killed. */
const LATER = Date.parse('2026-11-21T08:00:00Z');

/** What the public scheduler left after about 14 s, compared by hand with its rows. */
describe.skipIf(!hasSharedFixtures)('a database of the real scheduler', () => {
  const read = (file: string) => {
    const records = readRecords(join(FOLDER, file));
    const { tasks, problem } = decodeJobRuns(records, LATER, Date.parse('2026-11-21T07:45:45Z'));
    return { tasks: Object.fromEntries(tasks.map((task) => [task.nativeId, task])), problem };
  };

  test('in the INTEGER dialect: 33 runs of four jobs, 20 pending and 3 running for ever', () => {
    const { tasks, problem } = read('int-status-final.db');
    expect(problem).toBeNull();
    expect(Object.values(tasks).map(({ name, state }) => [name, state.status])).toEqual([
      ['HelloWorldJob', 'completed'],
      ['SlowImportJob', 'running'],
      ['NightlyReportJob', 'failed'],
      ['ExampleJob', 'completed'],
    ]);
    expect(tasks.SlowImportJob).toMatchObject({
      state: {
        reason:
          'stale: far longer than any run that succeeded, began 2026-11-21 07:45:40Z (and 2 more of its runs)',
      },
      startedAt: Date.parse('2026-11-21T07:45:40.792Z'),
      pastDurationsMs: [7_007, 7_005],
      labels: { queued: '4 runs', succeeded: '2 of 2 runs', usually: '7.0 s', stale: '3 runs' },
    });
    expect(tasks.NightlyReportJob).toMatchObject({
      state: { error: 'ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect' },
      labels: { queued: '10 runs', succeeded: '0 of 4 runs', 'next run': '2026-11-21 07:45:26Z' },
    });
    expect(tasks.ExampleJob).toMatchObject({
      state: { result: '{"message":"Example job finished successfully!"}' },
      labels: { queued: '6 runs', succeeded: '2 of 2 runs', every: '3.0 s' },
    });
    expect(tasks.HelloWorldJob).toMatchObject({ labels: { succeeded: '2 of 2 runs' } });
  });

  test('in the TEXT dialect', () => {
    const { tasks } = read('text-status.db');
    expect(tasks.HelloWorldJob?.state).toEqual({ status: 'queued', reason: 'no run yet' });
    expect(tasks.ExampleJob).toMatchObject({
      state: { status: 'completed', endedAt: Date.parse('2026-11-21T07:45:24.983Z') },
      pastDurationsMs: [3, 2, 3, 3],
      labels: { succeeded: '4 of 4 runs', 'next run': '2026-11-21 07:45:29Z', every: '3.0 s' },
    });
  });

  test('is not touched', () => {
    const traces = () =>
      readdirSync(FOLDER).map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(FOLDER, name)))
          .digest('hex'),
      ]);
    const before = traces();
    read('int-status-final.db');
    read('text-status.db');
    expect(traces()).toEqual(before);
  });
});
