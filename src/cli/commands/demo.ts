import type { CliCommand } from '../command.ts';
import { VIEW_OPTIONS } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';
import type { OutputOptions } from './view/run-view.ts';

export const demo: CliCommand<CommandOptions & OutputOptions> = {
  name: 'demo',
  about: 'show the live view over an embedded relay and real workers on this machine',
  examples: ['taskglass demo', 'taskglass demo --once --json'],
  options: VIEW_OPTIONS,
  async run({ options, io }) {
    const { runDemo } = await import('./demo/run-demo.ts');
    return runDemo(options, io);
  },
};
