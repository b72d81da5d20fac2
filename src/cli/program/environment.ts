import { type Command, CommanderError } from 'commander';
import type { Io } from '../../io/io.ts';
import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';
import type { CliOption } from '../command.ts';
import { environmentName } from '../config/environment-name.ts';
import { flag, type Reading } from '../config/setting.ts';

export type EnvironmentValues =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly problem: Problem };

const SWITCH = flag(false, '');

/**
 * Reads the variables for those options of `command` that are not settings: `TASKGLASS_JSON=1` is `--json`. Options on the
 * command line win. An empty variable counts as unset.
 */
export function environmentValues(
  command: Command,
  options: readonly CliOption[],
  io: Io,
): EnvironmentValues {
  const values: Record<string, unknown> = {};
  for (const option of options) {
    const known = command.options.find(({ flags }) => flags === option.flags);
    if (!option.hasVariable || !known || isTyped(command, known.attributeName())) continue;
    const variable = environmentName(known.name());
    const text = io.env[variable];
    if (!text) continue;
    const reading = known.required ? readValue(option, text, io) : SWITCH.read(text);
    if ('wrong' in reading) return { kind: 'refused', problem: wrongVariable(variable, reading.wrong) };
    values[known.attributeName()] = known.negate ? reading.value !== true : reading.value;
  }
  return { kind: 'read', values };
}

/** Tells whether an option was typed, after the command or before its verb. */
function isTyped(command: Command, name: string): boolean {
  const { parent } = command;
  const beforeVerb = parent?.parent ? parent.getOptionValueSource(name) : undefined;
  return [command.getOptionValueSource(name), beforeVerb].includes('cli');
}

function readValue(option: CliOption, text: string, io: Io): Reading<unknown> {
  try {
    return { value: option.parse ? option.parse(text, undefined, io) : text };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { wrong: error.message.replace(/^It /u, '').replace(/\.$/u, '') };
  }
}

function wrongVariable(variable: string, wrong: string): Problem {
  return problem('malformed', 'down', plainName(`${variable} ${wrong}`), 'correct it in the environment');
}
