import type { CliCommand } from '../command.ts';
import { CONFIG } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';
import type { PublishOptions } from './publish/run-publish.ts';

export const publish: CliCommand<CommandOptions & PublishOptions> = {
  name: 'publish',
  form: '[source...]',
  about: 'publish tasks to relays as NIP-90 jobs, so one view shows many machines',
  examples: [
    'taskglass publish --to wss://relay.example',
    'taskglass publish --to wss://relay.example --as build-3 --filter source:runs',
  ],
  options: [
    { flags: '--to <relay>', about: 'publish to this relay', isRepeatable: true },
    {
      flags: '--private <npub|hex>',
      about: 'encrypt everything for this reader (NIP-44)',
      isRepeatable: true,
    },
    { flags: '--allow <npub|hex>', about: 'accept cancellations signed by this key', isRepeatable: true },
    { flags: '--as <name>', about: 'the name of this machine', byDefault: 'its host name' },
    { flags: '--read-only', about: 'accept no cancellations' },
    { flags: '--filter <expr>', about: 'publish only matching tasks' },
    CONFIG,
  ],
  async run({ args, options, io }) {
    const { runPublish } = await import('./publish/run-publish.ts');
    return runPublish(args, options, io);
  },
};
