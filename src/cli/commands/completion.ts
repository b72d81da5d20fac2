import type { CliCommand } from '../command.ts';
import { SHELLS } from './completion/shells.ts';

export const completion: CliCommand = {
  name: 'completion',
  form: '<shell>',
  argumentsAbout: { shell: SHELLS.join(', ') },
  argumentsTake: { shell: [{ words: SHELLS }] },
  about: 'print a completion script for a shell',
  notes: [
    'bash   source <(taskglass completion bash)   in ~/.bashrc',
    'zsh    source <(taskglass completion zsh)    in ~/.zshrc, after compinit',
    'fish   taskglass completion fish | source    in ~/.config/fish/config.fish',
  ].join('\n'),
  examples: ['taskglass completion bash > ~/.taskglass-completion.bash'],
  async run({ args: [shell = ''], io }) {
    const { runCompletion } = await import('./completion/run-completion.ts');
    return runCompletion(shell, io);
  },
};
