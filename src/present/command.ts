import { type CommandName, offerOf } from '../model/command.ts';
import { problemText } from '../model/problem.ts';
import { hasEnded, type TaskStatus } from '../model/task.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import type { PendingCommand, RefusedCommand, TaskEntry } from '../store/state.ts';
import { statusWord } from './count.ts';

/** Returns how far a command has got: `cancel: signed, accepted by 2 of 3 relays, waiting for the worker`. */
export function ladderText({ command, stage }: PendingCommand): PlainText {
  const name = commandWord(command);
  switch (stage.stage) {
    case 'asked':
      return words`${name}: sent, waiting for an answer`;
    case 'delivered':
      return words`${name}: delivered, waiting until it is taken`;
    case 'taken':
      return words`${name}: taken, waiting for the task to go on`;
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

/** Returns why a command cannot be sent for a task now, in one line; null if it can. */
export function commandRefusal(
  { task, pending }: TaskEntry,
  command: CommandName,
  readOnly: boolean,
): PlainText | null {
  const word = commandWord(command);
  if (readOnly) return words`${word}: this view is read-only (--read-only)`;
  const offer = offerOf(task, command);
  if (!offer && command === 'answer' && task.state.status === 'needs-input' && !task.question)
    return words`${word}: no question is open; it may have been answered already`;
  if (!offer && isDueIn(task.state.status, command))
    return words`${word}: ${plainName(task.source)} does not support it`;
  if (!offer) return stateText(task.state.status, command);
  if (offer.refusal) return words`${word}: ${offer.refusal}`;
  return pending ? words`${word}: ${commandWord(pending.command)} was already sent` : null;
}

/** Returns `already failed: nothing to cancel`. */
function stateText(status: TaskStatus, command: CommandName): PlainText {
  const state = hasEnded(status) ? words`already ${statusWord(status)}` : words`still ${stillWord(status)}`;
  return words`${state}: nothing to ${commandWord(command)}`;
}

function stillWord(status: TaskStatus): PlainText {
  return status === 'needs-input' ? words`waiting for an answer` : statusWord(status);
}

/** Tells whether a source that supports the command would offer it in this status. */
function isDueIn(status: TaskStatus, command: CommandName): boolean {
  if (command === 'retry') return status === 'failed' || status === 'cancelled';
  if (command === 'answer') return status === 'needs-input';
  return command === 'setStatus' || !hasEnded(status);
}
