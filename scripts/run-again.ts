/**
 * Runs the test files that failed once more, one after the other, and merges the results into the report of vitest. In CI, two
 * cores run thousands of tests that start programs and wait for terminals. A test that fails there and passes with the machine
 * to itself has a flaw, which is not the program's. It is named, so that it can be mended, and does not stop the rest.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TestReport } from './count-tests.ts';

const ROOT = join(import.meta.dirname, '..');

/** More files than this do not fail by chance. */
const MOST_FILES = 4;

/** Returns the files to run again: those that failed, unless there are none or too many. */
export function filesToRunAgain({ testResults }: TestReport): string[] {
  const failed = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  return failed.length <= MOST_FILES ? failed : [];
}

/** Returns the first report with the results of the second one for the files that it names. */
export function mergeReports(first: TestReport, second: TestReport): TestReport {
  const again = new Set(second.testResults.map(({ name }) => name));
  const testResults = [...first.testResults.filter(({ name }) => !again.has(name)), ...second.testResults];
  const count = (status: string) =>
    testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === status).length;
  return { numPassedTests: count('passed'), numFailedTests: count('failed'), testResults };
}

/** Returns the tests that failed in the first report and passed in the second one, with their files. */
export function passedAgain(first: TestReport, second: TestReport): string[] {
  const passed = new Set(namesIn(second, 'passed'));
  return namesIn(first, 'failed').filter((name) => passed.has(name));
}

function namesIn({ testResults }: TestReport, status: string): string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((test) => test.status === status)
      .map(({ fullName }) => `${relative(ROOT, name)}: ${fullName.trim()}`),
  );
}

function read(path: string): TestReport {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Runs again what failed by the report at `path`, and writes the merged report there. @returns the exit code. */
function runAgain(path: string): number {
  const first = read(path);
  const files = filesToRunAgain(first);
  if (files.length === 0) return 1;
  console.error(`\n── again, alone: ${files.map((file) => relative(ROOT, file)).join(', ')}`);
  const vitest = spawnSync('vitest', ['run', '--no-file-parallelism', ...files], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const second = read(path);
  writeFileSync(path, JSON.stringify(mergeReports(first, second)));
  for (const name of passedAgain(first, second)) console.error(`failed once, passed alone: ${name}`);
  return vitest.status ?? 1;
}

if (import.meta.main) process.exitCode = runAgain(process.argv[2] ?? '');
