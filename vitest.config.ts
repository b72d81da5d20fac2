import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that run what is built and published, in processes of its own. */
const OF_THE_PROGRAM = ['test/e2e/**/*.test.ts', 'test/package*.test.ts'];

/** What encrypts keys takes ten times as long while coverage is counted: `npm test` runs these before, without it. */
const OF_KEYS = ['test/nostr/key-file.test.ts'];
const isCounting = process.argv.includes('--coverage');

/** Starts first what takes longest. In a fresh clone only the files' sizes are known, which do not tell. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  if (moduleId.includes('package-managers')) return 0;
  return project.name === 'program' ? 1 : 2;
}

export default defineConfig({
  test: {
    // Without colours a frame of 0 % and one of 100 % look alike.
    env: { FORCE_COLOR: '1' },
    pool: 'forks',
    // Tests wait more than they compute: for processes, files, and what only time brings.
    maxWorkers: 4,
    maxConcurrency: 40,
    sequence: { sequencer: SlowestFirst },
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/tests.json' }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      reporter: ['text-summary', 'html'],
      reportOnFailure: true,
      thresholds: { lines: 80 },
    },
    // The times are for what hangs; slowness on a busy machine is no failure.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: isCounting ? [...OF_THE_PROGRAM, ...OF_KEYS] : OF_THE_PROGRAM,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: OF_THE_PROGRAM,
          globalSetup: ['test/build-if-stale.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
