import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { problem } from '../model/problem.ts';
import { joined, plainName, words } from '../model/text.ts';
import { isOursOrRoots } from '../storage/ownership.ts';
import { LedgerError } from './ledger-error.ts';
import type { CommandAction, TaskAction, TaskDefinition } from './types.ts';

/** When a command of a definition is run. */
export type CommandPlace = 'verification' | 'before completion' | 'after completion' | 'rollback';

/** A command that a definition has the ledger run. */
export interface TaskCommand {
  readonly task: string;
  readonly place: CommandPlace;
  readonly action: CommandAction;
}

/** Returns the commands of a definition, in the order in which they may be run. Functions are not among them. */
export function commandsOf(definition: TaskDefinition): TaskCommand[] {
  const { id: task, verification, beforeCompletion, afterCompletion, rollback } = definition;
  const at = (place: CommandPlace, actions: readonly (TaskAction | null)[]) =>
    actions.flatMap((action) => (action && 'command' in action ? [{ task, place, action }] : []));
  return [
    ...at('verification', [verification]),
    ...at('before completion', beforeCompletion),
    ...at('after completion', afterCompletion),
    ...at('rollback', [rollback]),
  ];
}

/**
 * Returns the command itself, whatever its author calls it: `test -s data.csv`; a list has each word quoted if needed.
 */
export function commandText({ command }: CommandAction): string {
  if (typeof command === 'string') return command.replaceAll('\n', '\\n'); // or what follows looks like a comment
  return command.map((word) => (/^[\w./:=@%+,-]+$/u.test(word) ? word : JSON.stringify(word))).join(' ');
}

/** Returns those commands of `after` that `before`, which this ledger has already, does not run at the same place. */
export function newCommands(after: TaskDefinition, before: TaskDefinition | null): TaskCommand[] {
  const known = before === null ? [] : commandsOf(before);
  return commandsOf(after).filter((command) => !known.some((other) => isDeepStrictEqual(other, command)));
}

/** Returns why a ledger's commands are not run for this user: its file is neither theirs nor root's. null if they are. */
export function ownerRefusal(path: string): LedgerError | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || isOursOrRoots(stats)) return null;
  const said = words`${plainName(path)} belongs to another user (${stats.uid}): its commands are not run`;
  const hint = 'read them: taskglass ledger task-status ID; then use --allow-commands';
  return new LedgerError('commands', problem('not-allowed', 'degraded', said, hint));
}

/** How many of the commands that are refused are told. */
const COMMANDS_TOLD = 3;

/** Returns why tasks that bring commands along are refused: the first of the commands, each with its task. */
export function commandsRefused(commands: readonly TaskCommand[]): LedgerError {
  const tasks = new Set(commands.map(({ task }) => task));
  const told = commands
    .slice(0, COMMANDS_TOLD)
    .map(({ task, place, action }) => words`${plainName(task)}, ${place}: ${plainName(commandText(action))}`);
  const more = commands.length > told.length ? words`; and ${commands.length - told.length} more` : '';
  const [noun, verb] =
    commands.length === 1
      ? (['command comes', 'it was'] as const)
      : (['commands come', 'they were'] as const);
  const owners = tasks.size === 1 ? 'one task' : words`${tasks.size} tasks`;
  return new LedgerError(
    'commands',
    problem(
      'not-allowed',
      'degraded',
      words`${commands.length} ${noun} with ${owners}, and ${verb} not allowed: ${joined(told, '; ')}${more}`,
      'nothing was imported; check them, then allow them: allowCommands',
    ),
  );
}
