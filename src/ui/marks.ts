import { type CommandName, offerOf } from '../model/command.ts';
import type { TaskId } from '../model/id.ts';
import { type PlainText, words } from '../model/text.ts';
import { commandWord } from '../present/command.ts';
import { plural } from '../present/count.ts';
import type { TaskEntry } from '../store/state.ts';
import { dismiss, isEnded } from './dismiss.ts';
import type { ViewController } from './view-controller.ts';

/** Returns the marked tasks that are listed. */
export function markedEntries({ view, sections }: Pick<ViewController, 'view' | 'sections'>): TaskEntry[] {
  return view.marked.size === 0 ? [] : sections.entries.filter(({ task }) => view.marked.has(task.id));
}

/** Returns the marked tasks that a command can be sent to. */
function acceptingCommand(entries: readonly TaskEntry[], command: CommandName): TaskEntry[] {
  return entries.filter(({ task, pending }) => !pending && offerOf(task, command)?.refusal === null);
}

/** Returns why a command can be sent to none of the marked tasks; null if it can be sent to some. */
export function markedRefusal(controller: ViewController, command: CommandName): PlainText | null {
  if (controller.readOnly) return words`this view is read-only (--read-only)`;
  const marked = markedEntries(controller);
  if (acceptingCommand(marked, command).length > 0) return null;
  return words`${commandWord(command)}: not possible for any of the ${plural(marked.length, 'marked task')}`;
}

/** Asks once whether to send a command to all marked tasks that accept it. */
export function askForMarked(controller: ViewController, command: 'cancel' | 'retry'): void {
  const marked = markedEntries(controller);
  const ids = acceptingCommand(marked, command).map(({ task }) => task.id);
  controller.prompt({ kind: 'confirm-all', command, ids, marked: marked.length });
}

/** Sends a command to each of the tasks, and says how many accepted it. */
export async function sendToAll(
  { send, notice, change, redraw }: ViewController,
  command: CommandName,
  ids: readonly TaskId[],
): Promise<void> {
  change({ type: 'marks-cleared' });
  notice(words`${commandWord(command)}: asking ${plural(ids.length, 'task')}`);
  const results = await Promise.all(ids.map((id) => send(id, command)));
  const refused = results.filter((result) => result.kind === 'refused');
  const sent = results.length - refused.length;
  const [first] = refused;
  const why = first ? words`, ${refused.length} refused (${first.problem.message})` : words``;
  notice(words`${commandWord(command)}: ${sent} of ${results.length} sent${why}`);
  redraw();
}

/** Dismisses the marked tasks that have ended. */
export function dismissMarked(controller: ViewController): void {
  dismiss(controller, markedEntries(controller).filter(isEnded));
  controller.change({ type: 'marks-cleared' });
}
