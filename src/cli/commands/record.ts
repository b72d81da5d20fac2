import type { CliCommand } from '../command.ts';
import { SESSION_OPTIONS, WAIT } from '../options.ts';
import type { CommandOptions } from '../session/session.ts';
import type { RecordOptions } from './record/run-record.ts';

export const record: CliCommand<CommandOptions & RecordOptions> = {
  name: 'record',
  form: '[source...]',
  about: 'record a trace of each completed task, for measuring ETAs',
  examples: ['taskglass record --out traces', 'taskglass record --out traces --anonymous --once state.json'],
  options: [
    ...SESSION_OPTIONS,
    WAIT,
    { flags: '--out <dir>', about: 'the directory to write to', isRequired: true },
    { flags: '--anonymous', about: 'replace task and step names with hashes' },
    { flags: '--once', about: 'record the tasks that have already completed, and exit' },
  ],
  async run({ args, options, io }) {
    const { runRecord } = await import('./record/run-record.ts');
    return runRecord(args, options, io);
  },
};
