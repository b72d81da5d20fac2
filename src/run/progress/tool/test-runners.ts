import { countOf, type Found, NOTHING, type Tool } from '../found.ts';

/** `Test Files 1 failed | 3 passed (10)`, drawn again while it runs. `Tests` lacks the tests of files that have not begun. */
const VITEST = /^\s*Test Files\s+(?<parts>.*?)\s*\((?<m>\d+)\)\s*$/u;
const VITEST_REST = /^\s*(?:Tests|Duration|Start at|Snapshots|Type Errors)\s{2,}/u;
/** `Test Suites: 1 failed, 2 passed, 3 of 10 total`. */
const JEST = /^Test Suites:.*?(?<n>\d+) of (?<m>\d+) total/u;
const JEST_REST = /^(?:Test Suites|Tests|Snapshots|Time):\s/u;
/** ctest: ` 3/10 Test  #3: foo ...   Passed`, and meson: ` 3/10 foo  OK  0.02s`. */
const NUMBERED =
  /^\s*(?<n>\d+)\/(?<m>\d+) (?:Test\s+#\d+:|.*\b(?:OK|FAIL|SKIP|TIMEOUT|ERROR|EXPECTEDFAIL)\b\s+[\d.]+\s?s)/u;
/** nextest: `PASS [   0.012s] (120/340) crate test`. */
const NEXTEST =
  /^\s*(?:PASS|FAIL|SLOW|LEAK|TIMEOUT|TRY \d+ \S+|SIG\w+)\s+\[.*?\]\s+\(\s*(?<n>\d+)\/(?<m>\d+)\)/u;
/** bats: the running test, and its number at the right edge of the terminal. */
const BATS = /^(?=.{70}) {3}\S.* {2,}(?<n>[1-9]\d*)\/(?<m>\d+)\s*$/u;
/** mocha, tape, node and others sum up at the end. */
const SUMMARY =
  /^\s*(?:\d+ (?:passing|failing|pending)|ℹ (?:tests|pass|fail|suites)|# (?:tests|pass|fail)|\d+% tests passed)\b/u;

/** Test runners that say how many of their files, or of their tests, have run. Their summaries are not progress. */
export const testRunners: Tool = {
  begins: / *(?:Test Files|Test Suites:) /u,
  createReader: () => (line) => {
    const vitest = VITEST.exec(line.text)?.groups;
    if (vitest) return ofVitest(vitest);
    for (const form of [JEST, NUMBERED, NEXTEST]) {
      const groups = form.exec(line.text)?.groups;
      if (groups) return countOf(Number(groups.n), Number(groups.m)) ?? NOTHING;
    }
    const bats = BATS.exec(line.text)?.groups;
    if (bats) return countOf(Number(bats.n) - 1, Number(bats.m)) ?? NOTHING;
    return [VITEST_REST, JEST_REST, SUMMARY].some((rest) => rest.test(line.text)) ? NOTHING : null;
  },
};

function ofVitest({ parts = '', m }: Record<string, string>): Found {
  const done = [...parts.matchAll(/(\d+) (?:passed|failed|skipped)/gu)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  return countOf(done, Number(m)) ?? NOTHING;
}
