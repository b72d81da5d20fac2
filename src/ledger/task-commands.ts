import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { problem } from '../model/problem.ts';
import { joined, plainName, words } from '../model/text.ts';
import { isOursOrRoots } from '../storage/ownership.ts';
import { LedgerError } from './ledger-error.ts';
import type { CommandAction, TaskAction, TaskDefinition } from './types.ts';

/** When a definition's command is run. */
export type CommandPlace = 'verification' | 'before completion' | 'after completion' | 'rollback';

/** A command in a definition, which the ledger runs. */
export interface TaskCommand {
  readonly task: string;
  readonly place: CommandPlace;
  readonly action: CommandAction;
}

/** Returns a definition's commands, in the order in which they may be run, without its functions. */
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
 * Returns the command itself, not its name: `test -s data.csv`. For a list, each word is quoted if necessary.
 */
export function commandText({ command }: CommandAction): string {
  if (typeof command === 'string') return command.replaceAll('\n', '\\n'); // a line of its own might look like a comment
  return command.map((word) => (/^[\w./:=@%+,-]+$/u.test(word) ? word : JSON.stringify(word))).join(' ');
}

/** Returns the commands in `after` that `before`, the ledger's own definition, does not have at the same place. */
export function newCommands(after: TaskDefinition, before: TaskDefinition | null): TaskCommand[] {
  const known = before === null ? [] : commandsOf(before);
  return commandsOf(after).filter((command) => !known.some((other) => isDeepStrictEqual(other, command)));
}

/** Returns why a ledger's commands are not run: its file belongs neither to this user nor to root. Null if they are run. */
export function ownerRefusal(path: string): LedgerError | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || isOursOrRoots(stats)) return null;
  const said = words`${plainName(path)} belongs to another user (${stats.uid}): its commands are not run`;
  const hint = 'read them: taskglass ledger task-status ID; then use --allow-commands';
  return new LedgerError('commands', problem('not-allowed', 'degraded', said, hint));
}

/** How many of the refused commands a message contains. */
const COMMANDS_TOLD = 3;

/** Returns the error for tasks that contain commands, with the first few of these. */
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
