import type { CliCommand } from '../command.ts';

/** The hidden command that the shells' completion functions call. */
export const complete: CliCommand = {
  name: 'complete',
  form: '<shell> [word...]',
  about: 'print how a command line can be completed',
  examples: [],
  isHidden: true,
  passesOptionsOn: true,
  async run({ args: [shell = '', ...words], io, program: { commands } }) {
    const [{ runComplete }, { view }] = await Promise.all([
      import('./complete/run-complete.ts'),
      import('./view.ts'),
    ]);
    return runComplete(shell, words, { view, commands, io });
  },
};
