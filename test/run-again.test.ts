import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestReport } from '../scripts/count-tests.ts';
import { filesToRunAgain, mergeReports, passedAgain } from '../scripts/run-again.ts';

type FileResult = TestReport['testResults'][number];

const fileOf = (name: string, ...tests: [fullName: string, status: string][]): FileResult => ({
  name: join(import.meta.dirname, name),
  status: tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
  assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
});

const reportOf = (...testResults: FileResult[]): TestReport => ({
  numPassedTests: -1,
  numFailedTests: -1,
  testResults,
});

const FIRST = reportOf(
  fileOf('a.test.ts', ['one', 'passed'], ['two', 'failed'], ['three', 'failed']),
  fileOf('b.test.ts', ['four', 'passed'], ['five', 'skipped']),
);

describe('a test that failed in CI', () => {
  it('is run again with its file', () => {
    expect(filesToRunAgain(FIRST)).toEqual([join(import.meta.dirname, 'a.test.ts')]);
  });

  it('is run again, too, where its file failed before it began', () => {
    const broken = { ...fileOf('c.test.ts'), status: 'failed' };
    expect(filesToRunAgain(reportOf(broken))).toEqual([broken.name]);
  });

  it('has failed for good where many files did', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const report = reportOf(...names.map((name) => fileOf(`${name}.test.ts`, ['one', 'failed'])));
    expect(filesToRunAgain(report)).toEqual([]);
  });

  it('counts by its second result, and is named if it passed then', () => {
    const second = reportOf(fileOf('a.test.ts', ['one', 'passed'], ['two', 'passed'], ['three', 'failed']));
    const merged = mergeReports(FIRST, second);
    expect(merged).toMatchObject({ numPassedTests: 3, numFailedTests: 1 });
    expect(merged.testResults.map(({ assertionResults }) => assertionResults.length)).toEqual([2, 3]);
    expect(passedAgain(FIRST, second)).toEqual(['test/a.test.ts: two']);
  });
});
