import { commandText, type TaskCommand } from '../../../ledger/task-commands.ts';
import { type PlainText, plainName } from '../../../model/text.ts';
import { type Line, textLine } from '../../../present/line.ts';

/** A command as people read it: when it is run, the command itself on one line, where it runs. */
export function commandLine({ place, action }: TaskCommand): PlainText {
  const where = action.cwd === null ? '' : `  (in ${action.cwd})`;
  return plainName(`${place}: ${commandText(action)}${where}`);
}

/** The commands of several tasks, a line each. */
export function commandLines(commands: readonly TaskCommand[]): Line[] {
  return commands.map((command) => textLine(`  ${plainName(command.task)}: ${commandLine(command)}`));
}

/** A command as `--json` prints it. */
export function commandDocument({ task, place, action }: TaskCommand) {
  return { task, place, ...action };
}
