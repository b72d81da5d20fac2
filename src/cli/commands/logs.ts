import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { LogsOptions } from './logs/options.ts';

export const logs: CliCommand<LogsOptions> = {
  name: 'logs',
  form: '<id> [source...]',
  argumentsAbout: { id: 'the id of the task, or its name', source: 'where to look for it' },
  about: 'print what a run has printed',
  notes: 'Of several runs of one name, the newest is meant.',
  examples: [
    'taskglass logs "nightly backup" -f',
    'taskglass logs build --grep "error|warning" --since 10m',
    'taskglass logs T7 http://127.0.0.1:4747',
  ],
  options: [
    { flags: '-f, --follow', about: 'go on with what comes, until the task has ended' },
    { flags: '--grep <regex>', about: 'print only the lines that match' },
    { flags: '--since <time>', about: 'print only what is newer: 30s, 10m, 2h, 1d, or a date' },
    { flags: '-n, --tail <n>', about: 'of what is there, take only so many of the last lines' },
    { flags: '-t, --times', about: 'begin each line with its time' },
    { flags: '--stderr', about: 'print only what went to standard error' },
    {
      flags: '--raw',
      about:
        'print lines with all their escape sequences, to a file or a pipe; else only their colours are kept',
    },
    { flags: '--force', about: 'with --raw: to a terminal, too' },
    ...SESSION_OPTIONS,
    WAIT,
  ],
  async run({ args: [id = '', ...sources], options, io }) {
    const { runLogs } = await import('./logs/run-logs.ts');
    return runLogs(id, sources, options, io);
  },
};
