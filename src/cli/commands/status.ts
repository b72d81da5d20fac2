import { STATUS_FORMATS } from '../../present/status-line.ts';
import type { CliCommand } from '../command.ts';
import { FILTER, SESSION_OPTIONS } from '../options.ts';
import type { StatusOptions } from './status/run-status.ts';

export const status: CliCommand<StatusOptions> = {
  name: 'status',
  form: '[source...]',
  about: 'print a one-line summary of your tasks',
  notes: [
    'Asks your view or server that was started without sources, if one is running;',
    'otherwise reads the sources. Exits with 0 even if there is nothing to show.',
    'docs/status.md shows how to use it in tmux, waybar, starship and shell prompts.',
  ].join('\n'),
  examples: ['taskglass status', 'taskglass status --format tmux', 'taskglass status --watch'],
  options: [
    ...SESSION_OPTIONS,
    { flags: '--wait <s>', about: 'seconds to wait for the sources', byDefault: '2' },
    {
      flags: '--format <format>',
      about: `the output format: ${STATUS_FORMATS.join(', ')}`,
      byDefault: 'plain',
      takes: [{ words: STATUS_FORMATS }],
      hasVariable: true,
    },
    { flags: '--watch', about: 'print the line again whenever it changes' },
    { flags: '--ascii', about: 'print ASCII characters only' },
    FILTER,
  ],
  async run({ args, options, io }) {
    const { runStatus } = await import('./status/run-status.ts');
    return runStatus(args, options, io);
  },
};
