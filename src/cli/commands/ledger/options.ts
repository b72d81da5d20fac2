import { InvalidArgumentError } from 'commander';
import type { CliOption } from '../../command.ts';
import { keyValue, momentBefore, numberOrNone } from '../../config/option-values.ts';

/** Options that several verbs share. */

export const JOB_FILTER: CliOption = {
  flags: '--job <name>',
  about: 'show only tasks of this scheduler job',
};
export const MODULE_FILTER: CliOption = { flags: '--module <name>', about: 'show only tasks of this module' };

/** Each verb says what it applies to. */
export const SINCE = {
  flags: '--since <when>',
  parse(text, _before, io) {
    const at = momentBefore(io.clock.now(), text);
    if (at !== null) return at;
    throw new InvalidArgumentError('Write 30m, 24h, 7d or 2w, or a date such as 2026-11-01.');
  },
} satisfies Partial<CliOption>;

/** The parts of a definition, for the verbs that register or change a task. */
export const DEFINITION_OPTIONS: readonly CliOption[] = [
  { flags: '--description <text>', about: 'a longer description' },
  { flags: '--job <name>', about: 'the scheduler job it belongs to' },
  { flags: '--module <name>', about: 'the module it belongs to' },
];

export const PRIORITY: CliOption = {
  flags: '--priority <n>',
  about: 'its priority: a number (lower is more urgent) or none',
  parse: numberOrNone,
};

export const LABEL: CliOption = {
  flags: '--label <key=value>',
  about: 'set a label',
  isRepeatable: true,
  parse: keyValue,
};
