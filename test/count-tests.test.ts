import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countTests } from '../scripts/count-tests.ts';
import { type Machine, reasonFor, skipReasons } from '../scripts/expected-skips.ts';

/** A Linux where everything is installed, of a user who is not root, with the recorded data. */
const FULL: Machine = {
  platform: 'linux',
  uid: 1000,
  exists: () => true,
  path: ['/bin'],
  hasZstd: true,
};

describe('a skipped test', () => {
  it('has failed, unless a reason holds here for which it may be', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [
        {
          name: join(import.meta.dirname, 'sources/backlog/format.test.ts'),
          status: 'passed',
          assertionResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'skipped', fullName: 'the recorded backlog is read' },
          ],
        },
        {
          name: join(import.meta.dirname, 'monitor.test.ts'),
          status: 'failed',
          assertionResults: [
            { status: 'failed', fullName: 'b' },
            { status: 'todo', fullName: 'c' },
          ],
        },
      ],
    };
    const isAlone = { ...FULL, exists: (path: string) => !path.includes('shared') };
    expect(countTests(report, skipReasons(isAlone))).toEqual({
      passed: 3,
      failed: 2,
      lines: [
        'skipped, as expected: 1 (what real programs wrote lies beside the repository, not in it; each format has samples of its own here)',
        'skipped for no reason of scripts/expected-skips.ts: test/monitor.test.ts: c',
      ],
    });
    expect(countTests(report, skipReasons(FULL)).failed).toBe(3);
  });

  it('may be one only where what it needs is missing', () => {
    const asks = { file: 'io/process-tree.test.ts', name: 'the tree of a process' };
    expect(reasonFor(asks, skipReasons(FULL))).toBe(null);
    expect(reasonFor(asks, skipReasons({ ...FULL, platform: 'darwin' }))).toBe(
      'Linux alone tells this of processes',
    );
  });
});

describe('the list of reasons', () => {
  it('names each file that can skip a test', () => {
    const skipping = globSync('**/*.test.{ts,tsx}', { cwd: import.meta.dirname }).filter((file) =>
      /\.(?:skipIf|runIf)\(|\bskip\('/u.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
    );
    expect(skipping.filter((file) => !files.includes(file) && file !== 'count-tests.test.ts')).toEqual([]);
  });

  const files = skipReasons(FULL).flatMap((reason) => reason.files);

  it.each([...new Set(files)])('names a file that skips: %s', (file) => {
    const path = join(import.meta.dirname, file);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/skipIf|runIf|skip\(|\bitKeepsTheContract|source-contract/u);
  });
});
