import type { CliCommand } from '../command.ts';

const test: CliCommand = {
  name: 'test',
  form: '<command>',
  argumentsAbout: {
    command: 'a command line for the shell, in quotes; put execd: before it if it keeps running',
  },
  about: 'run a command once, as exec: does, and report what is wrong with its output',
  notes: 'Exit codes: 0 if nothing is wrong, else 1. See docs/your-own-source.md.',
  examples: ["taskglass source test 'cat state.json'", "taskglass source test 'execd:./watch-jobs.sh'"],
  async run({ args, io }) {
    const { runSourceTest } = await import('./source/run-source-test.ts');
    return runSourceTest(args[0] ?? '', io);
  },
};

export const source: CliCommand = {
  name: 'source',
  usage: 'VERB …',
  about: 'test a source of your own',
  examples: [],
  verbs: async () => ({ Verbs: [test] }),
};
