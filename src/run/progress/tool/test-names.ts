import { NOTHING, type Tool } from '../found.ts';

/** Lines of test runners that contain nothing but a test's name, perhaps with its result. */
const NAMES: readonly RegExp[] = [
  // mocha's list: ` suite loads 57%: `, while that test is running
  /^ {4}\S.*: *$/u,
  // go test
  /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|FAIL|SKIP|BENCH):)\s/u,
  // pytest -v, while that test is running; its summary, and the titles of failed tests
  /^\S+\.py::(?!.*\s(?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b)/u,
  /^(?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) \S+\.py::/u,
  /^_{3,} .* _{3,}$/u,
  /^E {3,}\S/u,
  // unittest, libtest
  /\s\.\.\.\s+(?:ok|FAIL|FAILED|ERROR|ignored\b.*|skipped\b.*|expected failure|unexpected success)\s*$/u,
  // gradle
  /^\S.* > .* (?:PASSED|FAILED|SKIPPED)\s*$/u,
  // dotnet, ExUnit
  /^\s+(?:Passed|Failed|Skipped) .*\[(?:< )?\d+ m?s\]\s*$/u,
  /^\s+\* test .*\(\d[\d.]*ms\)/u,
];
/** unittest prints a test's name on one line, and its description on the next. */
const UNITTEST = /^(?:[A-Z]+: )?\w+ \(\w[\w.]*\)\s*$/u;
const DESCRIBED_FAILURE = /^[A-Z]+: /u;
const RUNNING = /\s\.\.\.\s*$/u;
/** mocha has finished: the indented lines that follow are the names and messages of failed tests. */
const MOCHA_SUMMARY = /^ {2}\d+ passing \(/u;

/** Lines of test runners that name tests: a figure in such a name is not progress. */
export const testNames: Tool = {
  begins: / +\d+ passing|(?:[A-Z]+: )?\w+ \(\w[\w.]*\)(?!\S)/u,
  createReader() {
    let described: 'next' | 'failure' | null = null;
    let isMochaOver = false;
    return ({ text, isRedrawn }) => {
      const before = described;
      if (UNITTEST.test(text)) {
        described = DESCRIBED_FAILURE.test(text) ? 'failure' : 'next';
        return NOTHING;
      }
      described = before === 'next' && RUNNING.test(text) ? 'next' : null;
      if (before === 'failure' || (before === 'next' && described)) return NOTHING;
      if (MOCHA_SUMMARY.test(text)) isMochaOver = true;
      else if (/^\S/u.test(text)) isMochaOver = false;
      if (isMochaOver && !isRedrawn) return NOTHING;
      return NAMES.some((name) => name.test(text)) ? NOTHING : null;
    };
  },
};
