import type { CliOption } from '../../command.ts';
import { keyValue, numberOrNone } from '../../config/option-values.ts';
import { parseSince } from './when.ts';

/** Options that several verbs take. */

export const JOB_FILTER: CliOption = { flags: '--job <name>', about: 'only tasks of this scheduler job' };
export const MODULE_FILTER: CliOption = { flags: '--module <name>', about: 'only tasks of this module' };

/** Each verb says what it holds for. */
export const SINCE = {
  flags: '--since <when>',
  parse: (text, _before, io) => parseSince(text, io.clock.now()),
} satisfies Partial<CliOption>;

/** What a task is, for those that register it or change it. */
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
