/**
 * Which tests may be skipped here, and why. A test that is skipped without a reason in this list counts as failed: otherwise a
 * check could stop being run unnoticed.
 */
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as zlib from 'node:zlib';

/** One reason. */
export interface SkipReason {
  readonly why: string;
  /** Whether it applies to this machine. */
  readonly holds: boolean;
  /** The files of its tests, below `test/`. */
  readonly files: readonly string[];
  /** Which of their tests, by the full name; all if absent. */
  readonly tests?: RegExp;
}

/** What is asked about the machine; tests give other answers. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  /** Returns whether anything is at a path, which may be a pattern. */
  exists(path: string): boolean;
  /** The folders of PATH. */
  readonly path: readonly string[];
  readonly hasZstd: boolean;
}

const SHARED = join(import.meta.dirname, '..', '..', 'shared');

/** Returns the reasons, each with whether it applies to a machine. */
export function skipReasons(machine: Machine): SkipReason[] {
  const isRoot = machine.uid === 0;
  const lacks = (program: string) => !machine.path.some((folder) => machine.exists(join(folder, program)));
  return [
    {
      why: 'what real programs wrote lies beside the repository, not in it; each format has samples of its own here',
      holds: !machine.exists(join(SHARED, 'fixtures')),
      files: [
        'agents/claude/format.test.ts',
        'cli/commands/ledger/breakdown.test.ts',
        'ledger/sql.test.ts',
        'sources/backlog/format.test.ts',
        'sources/beads/format.test.ts',
        'sources/checklist/format.test.ts',
        'sources/codex/format.test.ts',
        'sources/dashboard-state/format.test.ts',
        'sources/feature-list/format.test.ts',
        'sources/github/format.test.ts',
        'sources/job-runs/fixtures.test.ts',
        'sources/nostr/fixtures.test.ts',
        'sources/open/detect.test.ts',
        'sources/open/stdin.test.ts',
        'sources/pueue/format.test.ts',
        'sources/sessions/maestro-directory.test.ts',
        'sources/slurm/format.test.ts',
        'sources/task-breakdown/breakdown.test.ts',
        'sources/task-breakdown/commands.test.ts',
        'sources/task-breakdown/format.test.ts',
        'sources/task-master/format.test.ts',
      ],
    },
    {
      why: 'the recorded jobs lie beside the repository, not in it',
      holds: !machine.exists(join(SHARED, 'eta')),
      files: ['cli/commands/eta.test.ts'],
    },
    {
      why: 'the source holds one task only, or takes no commands',
      holds: true,
      files: [
        'sources/backlog/source.test.ts',
        'sources/beads/source.test.ts',
        'sources/checklist/source.test.ts',
        'sources/codex/source.test.ts',
        'sources/exec/source-contract.test.ts',
        'sources/feature-list/source.test.ts',
        'sources/gemini/source.test.ts',
        'sources/job-runs/source.test.ts',
        'sources/ledger/source.test.ts',
        'sources/nostr/source-contract.test.ts',
        'sources/opencode/source.test.ts',
        'sources/pueue/source.test.ts',
        'sources/slurm/source.test.ts',
        'sources/systemd/source.test.ts',
      ],
      tests: /keeps the contract of a source/u,
    },
    {
      why: 'a registry need not offer these package managers',
      holds: true,
      files: ['package-managers.test.ts'],
      tests: /by (pnpm|Yarn)/u,
    },
    {
      why: 'there is no tmux or screen to get through',
      holds: lacks('tmux') || lacks('screen'),
      files: ['e2e/notify.test.ts'],
      tests: /in (?:tmux|screen)/u,
    },
    {
      why: 'there is no systemd to verify a unit',
      holds: lacks('systemd-analyze'),
      files: ['cli/commands/watch.test.ts'],
      tests: /systemd unit/u,
    },
    {
      why: 'only root gives files to others and acts as another user',
      holds: !isRoot,
      files: [
        'bin.test.ts',
        'cli/commands/ledger-commands.test.ts',
        'cli/commands/trace-directory.test.ts',
        'io/permissions.test.ts',
        'io/process-group.test.ts',
        'io/write-target.test.ts',
        'ledger/bad-files.test.ts',
        'publish/dashboard-state/command-trust.test.ts',
        'publish/dashboard-state/file-sink.test.ts',
        'storage/directories.test.ts',
        'storage/private-directory.test.ts',
      ],
    },
    {
      why: 'root may read every file',
      holds: isRoot,
      files: ['io/follow-file.test.ts'],
      tests: /may not be read/u,
    },
    {
      why: 'another user cannot reach this clone',
      holds: isRoot,
      files: ['io/permissions.test.ts'],
    },
    {
      why: 'Linux alone tells this of processes',
      holds: machine.platform !== 'linux',
      files: [
        'agents/claude/source.test.ts',
        'e2e/run-one-file.test.ts',
        'e2e/run-answer.test.ts',
        'e2e/run-prompt.test.ts',
        'e2e/run.test.ts',
        'e2e/screen-ways-out.test.ts',
        'io/exclusive-mark.test.ts',
        'io/process-identity.test.ts',
        'io/process-named.test.ts',
        'io/process-tree.test.ts',
        'run/progress/files.test.ts',
        'run/prompt/foreground.test.ts',
        'session/server-access.test.ts',
        'sources/dashboard-state/gone.test.ts',
        'storage/directories.test.ts',
        'storage/make-directory.test.ts',
      ],
    },
    {
      why: 'there is no /dev/full',
      holds: !machine.exists('/dev/full'),
      files: ['e2e/outputs.test.ts', 'e2e/run.test.ts'],
    },
    {
      why: 'there is no /bin/bash',
      holds: !machine.exists('/bin/bash'),
      files: ['e2e/run.test.ts', 'e2e/run-faithful.test.ts'],
    },
    {
      why: 'bash, zsh or fish is not installed',
      holds: ['bash', 'zsh', 'fish'].some(lacks),
      files: ['e2e/completion.test.ts'],
    },
    {
      why: 'tmux is not installed',
      holds: lacks('tmux'),
      files: ['cli/commands/doctor.test.ts'],
      tests: /tmux/u,
    },
    {
      why: 'mandoc is not installed',
      holds: lacks('mandoc'),
      files: ['man-page.test.ts'],
    },
    {
      why: 'libfaketime is not installed',
      holds: !machine.exists('/usr/lib/*/faketime/libfaketime.so.1'),
      files: ['e2e/set-clock.test.ts'],
    },
    {
      why: 'python3 is not installed',
      holds: lacks('python3'),
      files: ['docs-own-source.test.ts'],
      tests: /Python/u,
    },
    { why: 'jq is not installed', holds: lacks('jq'), files: ['docs-own-source.test.ts'], tests: /recipe/u },
    // The file itself looks for such a Node, by asking each for its version.
    { why: 'no Node on the PATH is too old', holds: true, files: ['bin.test.ts'], tests: /^an old Node/u },
    { why: 'this Node has no zstd', holds: !machine.hasZstd, files: ['sources/codex/source.test.ts'] },
  ];
}

/** A skipped test: its file below `test/`, and its full name. */
export interface SkippedTest {
  readonly file: string;
  readonly name: string;
}

/** Returns the reason why a test may be skipped here; null if there is none. */
export function reasonFor({ file, name }: SkippedTest, reasons: readonly SkipReason[]): string | null {
  const fits = ({ holds, files, tests }: SkipReason) =>
    holds && files.includes(file) && (tests?.test(name) ?? true);
  return reasons.find(fits)?.why ?? null;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    uid: process.getuid?.(),
    exists: (path) => globSync(path).length > 0,
    path: (process.env.PATH ?? '').split(delimiter),
    hasZstd: 'zstdCompressSync' in zlib,
  };
}
