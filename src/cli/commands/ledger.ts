import type { CliCommand } from '../command.ts';
import { JSON_OUTPUT } from '../options.ts';

export const ledger: CliCommand = {
  name: 'ledger',
  usage: '[options] VERB …',
  about: 'keep tasks and their verified completion in SQLite',
  argumentsTake: { id: ['ledger-task'] },
  notes: 'Run taskglass ledger VERB --help for options and an example.',
  examples: [],
  options: [
    { flags: '--db <file>', about: "the ledger's database", byDefault: "this user's own", hasVariable: true },
    JSON_OUTPUT,
  ],
  verbs: async () => (await import('./ledger/verbs.ts')).LEDGER_VERBS,
};
