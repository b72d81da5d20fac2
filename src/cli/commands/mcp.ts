import type { CliCommand } from '../command.ts';
import { FILTER, SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const mcp: CliCommand<CommandOptions> = {
  name: 'mcp',
  form: '[source...]',
  about: 'let agents list, wait for, run and answer tasks over the Model Context Protocol',
  notes: [
    'Uses standard input and output, and exits when its input ends.',
    'docs/agents.md shows how to register it with an agent.',
  ].join('\n'),
  examples: ['taskglass mcp', 'taskglass mcp --read-only', 'claude mcp add taskglass -- taskglass mcp'],
  options: [
    ...SESSION_OPTIONS,
    WAIT,
    { flags: '--read-only', about: 'offer only the tools that change nothing' },
    FILTER,
  ],
  async run({ args, options, io }) {
    const { runMcp } = await import('./mcp/run-mcp.ts');
    return runMcp(args, options, io);
  },
};
