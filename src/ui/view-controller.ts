import type { CommandName, CommandResult } from '../model/command.ts';
import type { TaskId } from '../model/id.ts';
import type { PlainText } from '../model/text.ts';
import type { InboxItem } from '../store/inbox.ts';
import type { NamedView } from '../store/named-view.ts';
import type { Sections } from '../store/sections.ts';
import type { SortKey } from '../store/select.ts';
import type { State, TaskEntry } from '../store/state.ts';
import type { OpenLog } from './open-log.ts';
import type { Prompt } from './prompt.ts';
import type { ViewEvent, ViewState } from './view-state.ts';

/** Why the screen ends. */
export type QuitReason = 'quit' | 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The log of the selected task, while it is shown. */
export interface LogPane {
  readonly log: OpenLog | null;
  open(): void;
  /** Goes to the next line that matches, or the one before. */
  find(direction: 1 | -1): void;
  /** Copies the lines in sight. */
  copy(): void;
}

/** Something that the palette can do or go to. */
export interface PaletteItem {
  readonly label: PlainText;
  choose(controller: ViewController): void;
}

/** What an action sees, and all that it may do. */
export interface ViewController {
  readonly view: ViewState;
  /** Which key is bound to something, as people write it. */
  keyOf(binding: string): PlainText;
  /** What the letters find that were typed so far, the best first. */
  itemsFor(text: PlainText): readonly PaletteItem[];
  /** What the digits choose among, the first by `1`. */
  readonly views: readonly NamedView[];
  /** The order of the plain list. */
  readonly usualSort: SortKey;
  /** What is shown: a snapshot while the screen is frozen. */
  readonly data: State;
  readonly sections: Sections;
  /** How many machines the tasks run on, as far as that is known. */
  readonly hosts: number;
  /** Where the selected task is listed; if it is gone, what took its place. */
  readonly selectedIndex: number;
  /** The selected task as it is now, also while the screen is frozen. */
  readonly selected: TaskEntry | null;
  /** What needs somebody, the most urgent first. */
  readonly inbox: readonly InboxItem[];
  /** The time as it is (epoch ms). */
  readonly nowMs: number;
  /** Opens an address or a directory on the desktop; false if there is none. */
  open(target: PlainText): boolean;
  /** How long such a task has usually taken, ms; null if that is not known. */
  usualMs(id: TaskId): number | null;
  /** How many lines PgUp and PgDn move by. */
  readonly pageSize: number;
  readonly readOnly: boolean;
  isUnfolded(id: TaskId): boolean;
  change(event: ViewEvent): void;
  /** Selects a task, and brings it into sight. */
  select(id: TaskId): void;
  prompt(prompt: Prompt | null): void;
  notice(text: PlainText): void;
  /** Keeps to the selected task, wherever it goes. */
  pin(): void;
  /** Moves the selection by tasks, or what covers the list by lines. */
  move(by: number): void;
  /** The same with what is open, also if it stands beside the list; infinite numbers mean the ends. */
  jump(by: number): void;
  toggleFreeze(): void;
  chooseStatus(): void;
  send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult>;
  /** Draws what has changed by itself. */
  redraw(): void;
  ask(id: TaskId, command: CommandName, argument?: string): void;
  readonly logPane: LogPane;
  copy(text: PlainText): void;
  quit(reason: QuitReason): void;
}
