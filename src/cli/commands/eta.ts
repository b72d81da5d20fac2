import type { CliCommand } from '../command.ts';

const bench: CliCommand<{ readonly json?: boolean }> = {
  name: 'bench',
  form: '<dir...>',
  about: 'replay recorded runs, and compare the ETAs with the rule of three',
  examples: ['taskglass eta bench traces'],
  options: [{ flags: '--json', about: 'print the figures of each job as JSON', hasVariable: true }],
  async run({ args, options, io }) {
    const { runEtaBench } = await import('./eta/run-eta-bench.ts');
    return runEtaBench(args, options, io);
  },
};

export const eta: CliCommand = {
  name: 'eta',
  usage: 'VERB …',
  about: 'measure how good the ETAs are',
  examples: [],
  verbs: async () => ({ Verbs: [bench] }),
};
