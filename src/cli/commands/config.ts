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
  about: 'list what is searched when no source is named, what was found, and how to switch it off',
  examples: ['taskglass config discover', 'TASKGLASS_DISCOVER=claude=off taskglass config discover --json'],
  options: [JSON_OUTPUT, CONFIG],
  async run({ options, io }) {
    const { runConfigDiscover } = await import('./config/run-config-discover.ts');
    return runConfigDiscover(options, io);
  },
};

const keys: CliCommand<CommandOptions & { readonly json?: boolean }> = {
  name: 'keys',
  about: 'list the actions of the view and their keys, by their names in the setting "keys"',
  notes: 'Exit code: 2 if a configured key cannot be bound.',
  examples: ['taskglass config keys', 'TASKGLASS_KEYS="cancel=ctrl+x sort=none" taskglass config keys'],
  options: [JSON_OUTPUT, CONFIG],
  async run({ options, io }) {
    const { runConfigKeys } = await import('./config/run-config-keys.ts');
    return runConfigKeys(options, io);
  },
};

export const config: CliCommand<CommandOptions & { readonly json?: boolean }> = {
  name: 'config',
  about: 'show the configuration, and where each value comes from',
  examples: ['taskglass config', 'TASKGLASS_FPS=10 taskglass config --json'],
  options: [JSON_OUTPUT, CONFIG],
  verbs: async () => ({ Verbs: [discover, history, keys] }),
  async run({ options, io }) {
    const { runConfig } = await import('./config/run-config.ts');
    return runConfig(options, io);
  },
};
