import type { CliCommand } from '../command.ts';
import { FILTER, SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const mcp: CliCommand<CommandOptions> = {
  name: 'mcp',
  form: '[source...]',
  about: 'let agents look, wait, run and answer, over the Model Context Protocol',
  notes: [
    'It speaks on standard input and output, and ends with its input.',
    'docs/agents.md shows how agents are told of it.',
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
