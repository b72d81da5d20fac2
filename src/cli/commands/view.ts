import { joined, words } from '../../model/text.ts';
import { PROGRAM_SCHEMES } from '../../session/programs.ts';
import type { CliCommand } from '../command.ts';
import { VIEW_OPTIONS } from '../options.ts';
import { EXIT, refuse } from '../process/exit.ts';
import type { CommandOptions } from '../session/session.ts';
import type { OutputOptions } from './view/run-view.ts';

type Options = CommandOptions & OutputOptions & { readonly version?: true; readonly v?: true };

/** What `taskglass` does without a command. */
export const view: CliCommand<Options> = {
  name: 'taskglass',
  form: '[source...]',
  usage: '[options] [source…]\n       taskglass [options] COMMAND …',
  argumentsAbout: {
    source: words`a relay (wss://…), a .json, .ndjson, .db or .sqlite file, a .md checklist, a directory, maestro:URL-or-DIR, agui:URL, agui+run:URL (starts a run), a program's tasks (${joined(PROGRAM_SCHEMES, ', ')}), http:// (another taskglass), ssh:HOST (the one there), exec:CMD or execd:CMD (a command that prints states), or - for standard input`,
  },
  about: 'one live terminal view of everything long-running: relays, state files, task lists',
  notes: [
    'Run taskglass help COMMAND for the options and examples of a command.',
    'Each option above can be set in the environment: TASKGLASS_SORT=name, TASKGLASS_JSON=1.',
  ].join('\n'),
  examples: ['taskglass', 'taskglass state.json wss://relay.example', 'taskglass --once --json | jq .counts'],
  options: [
    { flags: '-V, --version', about: 'show the version' },
    { flags: '-v', about: 'show the version', isHidden: true },
    ...VIEW_OPTIONS,
  ],
  async run({ args, options, io, program }) {
    const { version, v, ...rest } = options;
    if (version || v) return program.run(['version']);
    const { mistypedCommand } = await import('../mistyped-command.ts');
    const mistyped = mistypedCommand(args[0] ?? '', program.commandNames, io.cwd);
    if (mistyped) return refuse(io, mistyped, EXIT.usage);
    const { runView } = await import('./view/run-view.ts');
    return runView(args, rest, io);
  },
};
