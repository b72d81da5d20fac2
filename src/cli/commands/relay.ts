import type { CliCommand } from '../command.ts';
import type { RelayCommandOptions } from './relay/run-relay-command.ts';

export const relay: CliCommand<RelayCommandOptions> = {
  name: 'relay',
  about: 'run an embedded relay for this machine or a LAN',
  examples: [
    'taskglass relay --port 7777',
    'taskglass relay --host 192.168.1.5 --allow-origin https://app.example',
  ],
  options: [
    { flags: '--port <n>', about: 'listen on this port', byDefault: 'any free one', hasVariable: true },
    { flags: '--host <address>', about: 'listen on this address', byDefault: '127.0.0.1' },
    {
      flags: '--allow-origin <origin>',
      about: 'let web pages of this origin connect; * allows all',
      isRepeatable: true,
    },
  ],
  async run({ options, io }) {
    const { runRelayCommand } = await import('./relay/run-relay-command.ts');
    return runRelayCommand(options, io);
  },
};
