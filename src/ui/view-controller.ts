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
  /** Goes to the next or the previous matching line. */
  find(direction: 1 | -1): void;
  /** Copies the visible lines. */
  copy(): void;
}

/** Something that the palette can do or go to. */
export interface PaletteItem {
  readonly label: PlainText;
  choose(controller: ViewController): void;
}

/** What an action can see and do. */
export interface ViewController {
  readonly view: ViewState;
  /** Returns the key that is bound to something, as people write it. */
  keyOf(binding: string): PlainText;
  /** Returns what the letters typed so far match, best match first. */
  itemsFor(text: PlainText): readonly PaletteItem[];
  /** The views that the digits choose, beginning with `1`. */
  readonly views: readonly NamedView[];
  /** The order of the plain list. */
  readonly usualSort: SortKey;
  /** The state that is shown: a snapshot while the screen is frozen. */
  readonly data: State;
  readonly sections: Sections;
  /** How many machines the tasks run on, as far as that is known. */
  readonly hosts: number;
  /** Where the selected task is listed; if it is gone, the place that it had. */
  readonly selectedIndex: number;
  /** The selected task in its current state, even while the screen is frozen. */
  readonly selected: TaskEntry | null;
  /** What needs somebody, most urgent first. */
  readonly inbox: readonly InboxItem[];
  /** The current time (epoch ms). */
  readonly nowMs: number;
  /** Opens an address or a directory on the desktop; returns false if there is no desktop. */
  open(target: PlainText): boolean;
  /** Returns how long such a task has usually taken, in ms; null if that is unknown. */
  usualMs(id: TaskId): number | null;
  /** How many lines PgUp and PgDn move by. */
  readonly pageSize: number;
  readonly readOnly: boolean;
  isUnfolded(id: TaskId): boolean;
  change(event: ViewEvent): void;
  /** Selects a task, and scrolls to it. */
  select(id: TaskId): void;
  prompt(prompt: Prompt | null): void;
  notice(text: PlainText): void;
  /** Keeps the selected task selected wherever it moves. */
  pin(): void;
  /** Moves the selection by tasks, or scrolls what covers the list by lines. */
  move(by: number): void;
  /** The same for the open pane, even if it is beside the list; infinite numbers mean the ends. */
  jump(by: number): void;
  toggleFreeze(): void;
  chooseStatus(): void;
  send(id: TaskId, command: CommandName, argument?: string): Promise<CommandResult>;
  /** Draws what has changed on its own. */
  redraw(): void;
  ask(id: TaskId, command: CommandName, argument?: string): void;
  readonly logPane: LogPane;
  copy(text: PlainText): void;
  quit(reason: QuitReason): void;
}
