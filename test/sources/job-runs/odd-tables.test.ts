import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { createJobsQuery, planJobs } from '../../../src/sources/job-runs/query.ts';

/** `job status`, a line a run, as the question finds them in a database that these statements made. */
function runsIn(sql: string): string[] | null {
  using database = new DatabaseSync(':memory:');
  database.exec(sql);
  const plan = planJobs(database);
  return (
    plan &&
    createJobsQuery()(database, plan).records.flatMap(({ name, runs }) =>
      runs.map((run) => `${name} ${run.status}`),
    )
  );
}

describe('runs in a table that is not quite as its scheduler makes it', () => {
  test.each([
    ['a column hides the row id', 'rowid TEXT, job_name, status', "('abc', 'copy', 'success')"],
    [
      'two columns hide the row id',
      'rowid TEXT, _ROWID_ TEXT, job_name, status',
      "('a', 'b', 'copy', 'success')",
    ],
    [
      'all but the least row id',
      'id INTEGER PRIMARY KEY, job_name, status',
      "(-9223372036854775807, 'copy', 'success')",
    ],
    [
      'the greatest row id',
      'id INTEGER PRIMARY KEY, job_name, status',
      "(9223372036854775807, 'copy', 'success')",
    ],
    ['capital letters', 'ID INTEGER PRIMARY KEY, Job_Name, STATUS', "(1, 'copy', 'success')"],
  ])('%s', (_name, columns, row) => {
    expect(runsIn(`CREATE TABLE Job_Runs (${columns}); INSERT INTO job_runs VALUES ${row}`)).toEqual([
      'copy success',
    ]);
  });

  test('rows without any number', () => {
    const table = 'CREATE TABLE job_runs (rowid, _rowid_, oid, job_name, status)';
    expect(runsIn(`${table}; INSERT INTO job_runs VALUES (1, 2, 3, 'copy', 'success')`)).toEqual([
      'copy success',
    ]);
  });
});
