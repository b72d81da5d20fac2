import type { CliCommand } from '../command.ts';
import { ANNOTATIONS, CONFIG } from '../options.ts';
import type { RunOptions } from './run/options.ts';

export const run: CliCommand<RunOptions> = {
  name: 'run',
  form: '[command...]',
  usage: '[options] -- CMD …',
  about: 'run a command as a task that can be watched and cancelled',
  notes: [
    "The exit code is the command's own.",
    'In GitHub Actions a failure is annotated, and summed up for the job: docs/ci.md.',
  ].join('\n'),
  examples: [
    'taskglass run -- make -j4',
    'taskglass run --name "nightly backup" -- sh -c \'./dump.sh && ./upload.sh\'',
    'taskglass run --detach -- ./train.py',
    'taskglass run --to wss://relay.example -- ./train.py',
  ],
  options: [
    { flags: '-n, --name <text>', about: 'the name of the task', byDefault: 'the command itself' },
    {
      flags: '--to <target>',
      about: 'publish to a .json state file, a ledger (.db) or a relay',
      isRepeatable: true,
    },
    { flags: '--no-log', about: 'do not keep what it prints' },
    { flags: '--quiet', about: "do not print the command's output" },
    {
      flags: '--progress-pattern <regex>',
      about: 'find progress by a pattern with one group for the percentage, or two for n and m',
    },
    { flags: '--no-progress', about: 'do not look for progress in what the command prints or reads' },
    { flags: '--detach', about: 'run in the background, without this terminal; print the id of the run' },
    { flags: '--status', about: 'report progress to the terminal, which may show it in its tab' },
    { flags: '--stay', about: 'wait after a failure so it can be retried' },
    ANNOTATIONS,
    CONFIG,
  ],
  passesOptionsOn: true,
  keepsExitCode: true,
  async run({ args, options, io }) {
    const { runRun } = await import('./run/run-run.ts');
    return runRun(args, options, io);
  },
};
