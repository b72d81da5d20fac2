import type { CliCommand, CliOption } from '../command.ts';
import { JSON_OUTPUT } from '../options.ts';
import type { HooksOptions } from './hooks/run-hooks.ts';

const AGENT = { agent: 'claude' };
const PROJECT: CliOption = {
  flags: '--project',
  about: 'use .claude/settings.local.json here instead of the user settings',
};
const DRY_RUN: CliOption = { flags: '--dry-run', about: 'print what would change, and change nothing' };

const install: CliCommand<HooksOptions> = {
  name: 'install',
  form: '<agent>',
  argumentsAbout: AGENT,
  about: 'let an agent report what it does, and ask for permission here',
  notes:
    'The hooks are added to the settings of Claude Code in ~/.claude, or where\n' +
    'CLAUDE_CONFIG_DIR says; all other settings stay as they are. See docs/agents.md.',
  examples: ['taskglass hooks install claude', 'taskglass hooks install claude --hold 0'],
  options: [
    PROJECT,
    {
      flags: '--hold <s>',
      about: 'seconds that a request for permission waits for your answer here',
      byDefault: '60',
    },
    DRY_RUN,
  ],
  async run({ args: [agent = ''], options, io }) {
    const { runHooksInstall } = await import('./hooks/run-hooks.ts');
    return runHooksInstall(agent, options, io);
  },
};

const status: CliCommand<HooksOptions> = {
  name: 'status',
  form: '[agent]',
  argumentsAbout: AGENT,
  about: 'show which hooks are installed, and what stops them from working',
  notes: 'Exit codes: 0 if they work, else 1.',
  examples: ['taskglass hooks status', 'taskglass hooks status claude --json'],
  options: [PROJECT, JSON_OUTPUT],
  async run({ args: [agent = 'claude'], options, io }) {
    const { runHooksStatus } = await import('./hooks/run-hooks-status.ts');
    return runHooksStatus(agent, options, io);
  },
};

const remove: CliCommand<HooksOptions> = {
  name: 'remove',
  form: '<agent>',
  argumentsAbout: AGENT,
  about: 'remove the hooks from the settings',
  examples: ['taskglass hooks remove claude'],
  options: [PROJECT, DRY_RUN],
  async run({ args: [agent = ''], options, io }) {
    const { runHooksRemove } = await import('./hooks/run-hooks.ts');
    return runHooksRemove(agent, options, io);
  },
};

export const hooks: CliCommand = {
  name: 'hooks',
  usage: 'VERB …',
  argumentsTake: { agent: [{ words: ['claude'] }] },
  about: 'let agents report what they do, and ask for permission here',
  examples: [],
  verbs: async () => ({ Verbs: [install, status, remove] }),
};
