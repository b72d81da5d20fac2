import type { CliCommand } from '../command.ts';
import { CONFIG, JSON_OUTPUT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';

export const doctor: CliCommand<CommandOptions & { readonly json?: boolean }> = {
  name: 'doctor',
  about: 'check this machine for problems, and say how to fix them',
  notes:
    'Exit codes: 0 if there is no problem (warnings do not count), else 1. Nothing is\n' +
    'sent or changed, no secret is printed, and nothing needs the network.',
  examples: ['taskglass doctor', 'taskglass doctor --json | jq \'.checks[] | select(.status != "ok")\''],
  options: [JSON_OUTPUT, CONFIG],
  async run({ options, io }) {
    const { runDoctor } = await import('./doctor/run-doctor.ts');
    return runDoctor(options, io);
  },
};
