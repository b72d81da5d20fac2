import type { CliCommand } from '../command.ts';
import { FILTER, SESSION_OPTIONS } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';
import type { ServeOptions } from './serve/served-view.ts';

export const serve: CliCommand<CommandOptions & ServeOptions> = {
  name: 'serve',
  form: '[source...]',
  about: 'share this view over HTTP',
  notes:
    'Watch it with taskglass http://127.0.0.1:4747. On another host, taskglass\nssh:HOST starts taskglass serve --stdio.',
  examples: ['taskglass serve', 'taskglass serve --port 0 --read-only state.json'],
  options: [
    ...SESSION_OPTIONS,
    {
      flags: '--port <n>',
      about: 'listen on this port of 127.0.0.1; 0 is any free one',
      byDefault: '4747',
      hasVariable: true,
    },
    { flags: '--open', about: 'let every user of this machine read without a token' },
    { flags: '--stdio', about: 'do not listen: serve over standard input and output, as ssh:HOST does' },
    { flags: '--read-only', about: 'accept no commands' },
    FILTER,
  ],
  async run({ args, options, io }) {
    const { runServe } = await import('./serve/run-serve.ts');
    return runServe(args, options, io);
  },
};
