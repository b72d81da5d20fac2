import type { CliCommand } from '../command.ts';
import { CONFIG, JSON_OUTPUT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';
import type { HistoryOptions } from './config/run-config-history.ts';

const history: CliCommand<HistoryOptions> = {
  name: 'history',
  about: 'show the runs that the ETAs have learned from, and how well the ETAs held',
  examples: ['taskglass config history', 'taskglass config history --forget make'],
  options: [
    JSON_OUTPUT,
    { flags: '--prune', about: 'remove runs that ended more than a year ago' },
    { flags: '--forget [job]', about: 'forget the runs of a job, by its number or name' },
    { flags: '--all', about: 'with --forget: forget every job' },
  ],
  async run({ options, io }) {
    const { runConfigHistory } = await import('./config/run-config-history.ts');
    return runConfigHistory(options, io);
  },
};

const discover: CliCommand<CommandOptions & { readonly json?: boolean }> = {
  name: 'discover',
  about: 'list what is looked for if no source is named: where, what was found, and how to switch it off',
  examples: ['taskglass config discover', 'TASKGLASS_DISCOVER=claude=off taskglass config discover --json'],
  options: [JSON_OUTPUT, CONFIG],
  async run({ options, io }) {
    const { runConfigDiscover } = await import('./config/run-config-discover.ts');
    return runConfigDiscover(options, io);
  },
};

export const config: CliCommand<CommandOptions & { readonly json?: boolean }> = {
  name: 'config',
  about: 'show the configuration, and where each value comes from',
  examples: ['taskglass config', 'TASKGLASS_FPS=10 taskglass config --json'],
  options: [JSON_OUTPUT, CONFIG],
  verbs: async () => ({ Verbs: [discover, history] }),
  async run({ options, io }) {
    const { runConfig } = await import('./config/run-config.ts');
    return runConfig(options, io);
  },
};
