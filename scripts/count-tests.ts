/**
 * Prints how many tests passed and failed, from the report of vitest: `123 0`. A test that was skipped without a reason in the
 * list has failed. Standard error says what was skipped, and why. Fails if no test ran.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reasonFor, type SkippedTest, type SkipReason, skipReasons, thisMachine } from './expected-skips.ts';

/** The part of the report that is read. */
export interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The result of a test run; `lines` report what was skipped. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly lines: readonly string[];
}

const TESTS = join(import.meta.dirname, '..', 'test');

/** Counts the tests of a report. */
export function countTests(report: TestReport, reasons: readonly SkipReason[]): TestCount {
  const skipped = skippedIn(report);
  const byReason = Map.groupBy(skipped, (test) => reasonFor(test, reasons));
  const unexpected = byReason.get(null) ?? [];
  const expected = [...byReason].filter(([why]) => why !== null);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unexpected.length,
    lines: [
      ...expected.map(([why, tests]) => `skipped, as expected: ${tests.length} (${why})`),
      ...unexpected.map(
        ({ file, name }) => `skipped for no reason of scripts/expected-skips.ts: test/${file}: ${name}`,
      ),
    ],
  };
}

function skippedIn({ testResults }: TestReport): SkippedTest[] {
  return testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => ({ file: relative(TESTS, path), name: fullName.trim() })),
  );
}

if (import.meta.main) {
  const report: TestReport = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
  const { passed, failed, lines } = countTests(report, skipReasons(thisMachine()));
  for (const line of lines) console.error(line);
  console.log(passed, failed);
  process.exitCode = passed + failed > 0 ? 0 : 1;
}
