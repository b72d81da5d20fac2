import { type Command, Option } from 'commander';
import type { Io } from '../../io/io.ts';
import type { CliCommand, CliOption, CliProgram, CommandGroups } from '../command.ts';
import { collect } from '../config/option-values.ts';
import { EXIT, refuse, signalExit } from '../process/exit.ts';
import { environmentValues } from './environment.ts';
import { helpWidth, pointToOwnHelp } from './speech.ts';
import { unknownVerb } from './unknown-verb.ts';
import { helpEnd, optionWords, sentence, usageWords } from './words.ts';

/** What the commands of one program share. */
export interface Caller {
  readonly io: Io;
  readonly program: CliProgram;
  /** Receives the exit code of the command that ran. */
  readonly finish: (code: number) => void;
}

/**
 * Adds the commands to `parent`, below their headings. A command gets its options and verbs only when it is about to be
 * parsed: adding those of all commands takes longer than most short commands do.
 */
export function addCommands(
  parent: Command,
  groups: CommandGroups,
  caller: Caller,
  shared: readonly CliOption[] = [],
): void {
  const specs = new Map<Command, CliCommand>();
  for (const [heading, listed] of Object.entries(groups)) {
    for (const spec of listed) {
      const command = parent.command([spec.name, spec.form ?? ''].join(' ').trim(), {
        hidden: spec.isHidden === true,
      });
      specs.set(command.helpGroup(`${heading}:`).summary(spec.about), spec);
    }
  }
  parent.hook('preSubcommand', (_parent, command) => {
    const spec = specs.get(command);
    if (!spec) return undefined;
    describeCommand(command, spec, caller, shared);
    return spec.verbs && addVerbs(command, spec, caller);
  });
}

/** Gives commander's command the description, options and action of `spec`. */
export function describeCommand(
  command: Command,
  spec: CliCommand,
  caller: Caller,
  shared: readonly CliOption[] = [],
): void {
  command
    .summary(spec.about)
    .description(sentence(spec.about))
    .usage(usageWords(spec))
    .addHelpText('after', () => helpEnd(spec, helpWidth(caller.io)))
    .allowExcessArguments(spec.run === undefined) // otherwise, a verb would inherit the setting
    .passThroughOptions(spec.passesOptionsOn === true);
  for (const argument of command.registeredArguments) {
    argument.description = spec.argumentsAbout?.[argument.name()] ?? '';
  }
  const options = [...shared, ...(spec.options ?? [])];
  for (const option of options) command.addOption(commanderOption(option, caller.io));
  pointToOwnHelp(command, caller.io);
  if (spec.run) command.action(() => runCommand(command, spec, options, caller));
  else command.action(() => refuseWithoutVerb(command, spec, caller));
}

async function addVerbs(command: Command, spec: CliCommand, caller: Caller): Promise<void> {
  const shared = spec.run ? [] : (spec.options ?? []);
  addCommands(command, (await spec.verbs?.()) ?? {}, caller, shared);
}

async function runCommand(
  command: Command,
  spec: CliCommand,
  known: readonly CliOption[],
  { io, program, finish }: Caller,
): Promise<void> {
  const inEnvironment = environmentValues(command, known, io);
  if (inEnvironment.kind === 'refused') return finish(refuse(io, inEnvironment.problem, EXIT.usage));
  const options = { ...sharedValues(command), ...command.opts(), ...inEnvironment.values };
  const code = await spec.run?.({ args: command.args, options, io, program });
  finish(io.signal.aborted && !spec.keepsExitCode ? signalExit(io.signal.reason) : (code ?? EXIT.ok));
}

/** Returns the options that were typed before the verb, if the verb has them as well. */
function sharedValues({ parent, options }: Command): object {
  const known = options.map((option) => option.attributeName());
  const values = Object.entries(parent?.parent ? parent.opts() : {});
  return Object.fromEntries(values.filter(([name]) => known.includes(name)));
}

function refuseWithoutVerb(command: Command, { name }: CliCommand, { io, finish }: Caller): void {
  const verbs = command.commands.map((verb) => verb.name());
  finish(refuse(io, unknownVerb(name, command.args[0], verbs), EXIT.usage));
}

function commanderOption(option: CliOption, io: Io): Option {
  const { flags, isRepeatable, isRequired, isHidden } = option;
  const made = new Option(flags, optionWords(option))
    .makeOptionMandatory(isRequired === true)
    .hideHelp(isHidden === true);
  if (option.parse) made.argParser((text: string, before: unknown) => option.parse?.(text, before, io));
  else if (isRepeatable) made.argParser(collect);
  return made;
}
