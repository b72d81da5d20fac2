import type { CommandName } from '../model/command.ts';
import { problemText } from '../model/problem.ts';
import { type PlainText, words } from '../model/text.ts';
import type { PendingCommand, RefusedCommand } from '../store/state.ts';

/** Returns how far a command has come: `cancel: signed, accepted by 2 of 3 relays, waiting for the worker`. */
export function ladderText({ command, stage }: PendingCommand): PlainText {
  const name = commandWord(command);
  switch (stage.stage) {
    case 'asked':
      return words`${name}: sent, waiting for an answer`;
    case 'signed':
      return words`${name}: signed, being sent to the relays`;
    case 'accepted':
      return words`${name}: signed, accepted by ${stage.by} of ${stage.of} relays, waiting for the worker`;
    default:
      return stage satisfies never;
  }
}

/** Returns why a command failed, and what to do about it. */
export function refusalText({ problem }: RefusedCommand): PlainText {
  return problemText(problem);
}

export function commandWord(command: CommandName): PlainText {
  return command === 'setStatus' ? words`set status` : words`${command}`;
}
