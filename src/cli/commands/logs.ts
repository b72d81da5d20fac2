import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { LogsOptions } from './logs/options.ts';

export const logs: CliCommand<LogsOptions> = {
  name: 'logs',
  form: '<id> [source...]',
  argumentsAbout: { id: 'the id of the task, or its name', source: 'where to look for it' },
  about: 'print the output of a run',
  notes: 'If several runs share a name, the newest is used.',
  examples: [
    'taskglass logs "nightly backup" -f',
    'taskglass logs build --grep "error|warning" --since 10m',
    'taskglass logs T7 http://127.0.0.1:4747',
  ],
  options: [
    { flags: '-f, --follow', about: 'keep printing new output until the task ends' },
    { flags: '--grep <regex>', about: 'print only the lines that match' },
    { flags: '--since <time>', about: 'print only newer lines: 30s, 10m, 2h, 1d, or a date' },
    { flags: '-n, --tail <n>', about: 'start with only the last n lines' },
    { flags: '-t, --times', about: 'begin each line with its time' },
    { flags: '--stderr', about: 'print only standard error' },
    {
      flags: '--raw',
      about: 'keep all escape sequences, for a file or a pipe (otherwise only colours are kept)',
    },
    { flags: '--force', about: 'with --raw: print to a terminal, too' },
    ...SESSION_OPTIONS,
    WAIT,
  ],
  async run({ args: [id = '', ...sources], options, io }) {
    const { runLogs } = await import('./logs/run-logs.ts');
    return runLogs(id, sources, options, io);
  },
};
