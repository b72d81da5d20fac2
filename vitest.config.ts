import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that run what is built and published, in processes of its own. */
const OF_THE_PROGRAM = ['test/e2e/**/*.test.ts', 'test/package*.test.ts'];

/** What encrypts keys takes ten times as long while coverage is counted: `npm run coverage` runs these before. */
const OF_KEYS = ['test/nostr/key-file.test.ts'];
const isCounting = process.argv.includes('--coverage');

const PROPERTIES = ['test/helpers/property-seed.ts'];

const CACHE = join(import.meta.dirname, 'node_modules', '.cache', 'tests');

/** Tests that replace a module, which another file may have loaded before, or count threads: each has its own process. */
const NEEDING_A_PROCESS = [
  'test/io/watch-missing.test.ts',
  'test/sources/kit/large-document.test.ts',
  'test/sources/open/search-directory.test.ts',
];

/**
 * The least share of each room's lines and branches that tests reach inside of their own process, two or three points below
 * what was measured: a room cannot decay behind the others. What runs in processes that a test starts is not counted, which is
 * much of `run` and `cli`, whose end-to-end tests start the program; of `demo` it is nearly all, so that has no floor.
 */
const FLOORS: Readonly<Record<string, readonly [lines: number, branches: number]>> = {
  'src/agents/**': [96, 86],
  'src/cli/**': [75, 68],
  'src/eta/**': [97, 91],
  'src/input/**': [98, 93],
  'src/io/**': [89, 82],
  'src/ledger/**': [97, 90],
  'src/model/**': [97, 92],
  'src/nostr/**': [87, 82],
  'src/notify/**': [88, 78],
  'src/present/**': [95, 88],
  'src/publish/**': [92, 83],
  'src/react/**': [98, 89],
  'src/relay/**': [93, 90],
  'src/run/**': [78, 72],
  'src/serve/**': [95, 84],
  'src/session/**': [86, 76],
  'src/sources/**': [95, 88],
  'src/storage/**': [93, 84],
  'src/store/**': [96, 90],
  'src/ui/**': [93, 84],
};

/** Short files that take long: they would be started last, and be waited for. */
const SHORT_BUT_SLOW = /heap-bounds|tracker-crash|(?:systemd|github|attach)\/\w+\.test/u;

/** Starts first what takes longest. In a fresh clone only the files' sizes are known, which do not tell. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  if (moduleId.includes('package-managers')) return 0;
  return project.name === 'program' || SHORT_BUT_SLOW.test(moduleId) ? 1 : 2;
}

/** In CI the first digits of the commit, which seed its property tests. */
function seedOfCommit(): string {
  if (!process.env.CI) return '';
  try {
    return execFileSync('git', ['rev-parse', '--short=7', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return ''; // no checkout of git
  }
}

export default defineConfig({
  test: {
    env: {
      // Without colours a frame of 0 % and one of 100 % look alike.
      FORCE_COLOR: '1',
      // There, commands say more.
      GITHUB_ACTIONS: '',
      PROPERTY_SEED: seedOfCommit(),
      // Tests start the program a thousand times, each in a home of its own, in which it would be compiled anew.
      XDG_CACHE_HOME: CACHE,
    },
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
      thresholds: {
        lines: 88,
        branches: 82,
        ...Object.fromEntries(
          Object.entries(FLOORS).map(([room, [lines, branches]]) => [room, { lines, branches }]),
        ),
      },
    },
    // The times are for what hangs; slowness on a busy machine is no failure.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...OF_THE_PROGRAM, ...NEEDING_A_PROCESS, ...(isCounting ? OF_KEYS : [])],
          // Files share processes: loading all modules anew for each is a fifth of the processor time of the whole run.
          isolate: false,
          setupFiles: PROPERTIES,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: NEEDING_A_PROCESS,
          setupFiles: PROPERTIES,
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
