import type { Clock } from '../clock.ts';
import { offerOf } from '../model/command.ts';
import type { TaskId } from '../model/id.ts';
import { hasEnded } from '../model/task.ts';
import { words } from '../model/text.ts';
import type { Monitor } from '../monitor.ts';
import { unfoldings } from '../present/unfold.ts';
import { type Dismissals, withDismissed } from '../store/dismissals.ts';
import type { NamedView } from '../store/named-view.ts';
import { allEntries, findEntry, type TaskEntry } from '../store/state.ts';
import { hostsOf } from '../store/task-table.ts';
import { createInboxMemo } from './inbox-memo.ts';
import type { Keymap } from './keymap.ts';
import { createLogPane } from './log-pane.ts';
import { paletteItems } from './palette.ts';
import { createSectionsMemo } from './sections-memo.ts';
import type { Terminal } from './terminal.ts';
import type { ViewController } from './view-controller.ts';
import { type Frozen, isApart, NOTICE_MS, reduceView, type ViewEvent, type ViewState } from './view-state.ts';

/** The user's statuses for a task whose source names none. */
const USER_STATUSES = [words`todo`, words`inprogress`, words`completed`, words`cancelled`];

/** Keeps the view's state and does what the actions ask for. `redraw` is called when something changes later on its own. */
export function createViewController(parts: {
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly keymap: Keymap;
  readonly views: readonly NamedView[];
  readonly readOnly: boolean;
  readonly stallAfterMs: number;
  readonly start: ViewState;
  readonly redraw: () => void;
  /** Is called when there is more to show. */
  readonly news: () => void;
}): ViewController {
  const { monitor, clock, terminal } = parts;
  const sectionsOf = createSectionsMemo();
  const inboxIn = createInboxMemo(parts.stallAfterMs);
  let view = parts.start;

  const logPane = createLogPane({ monitor, terminal, onNews: parts.news, controller: () => controller });
  const controller: ViewController = {
    logPane,
    keyOf: parts.keymap.keyOf,
    itemsFor: (text) => paletteItems(controller, parts.keymap.actions, text),
    views: parts.views,
    usualSort: parts.start.sort,
    readOnly: parts.readOnly,
    get view() {
      return view;
    },
    get data() {
      return view.frozen?.state ?? monitor.getState();
    },
    get sections() {
      return sectionsOf(controller.data, view, view.frozen?.atMs ?? clock.now());
    },
    get hosts() {
      return hostsOf(controller.data);
    },
    get selectedIndex() {
      const { entries } = controller.sections;
      return placeOf(view, entries);
    },
    get selected() {
      return selectedIn(controller, monitor);
    },
    get inbox() {
      return inboxIn(controller.sections, clock.now());
    },
    get nowMs() {
      return clock.now();
    },
    open: terminal.open,
    usualMs: monitor.usualMs,
    send: monitor.send,
    redraw: parts.redraw,
    get pageSize() {
      return Math.max(1, view.bodyHeight - 2);
    },
    isUnfolded: (id) => isUnfolded(controller, id),
    change(event) {
      if (isLeaving(view, event)) view = { ...view, seen: seenOnLeaving(controller) };
      view = reduceView(view, event);
      logPane.tidy();
    },
    prompt: (prompt) => controller.change({ type: 'prompted', prompt }),
    notice: (text) =>
      controller.change({ type: 'noticed', notice: { text, tone: 'plain', until: clock.now() + NOTICE_MS } }),
    pin: () => selectAt(controller, controller.selectedIndex),
    move(by) {
      if (view.pane === 'detail' && isApart(view)) selectAt(controller, controller.selectedIndex + by);
      else controller.jump(by);
    },
    jump(by) {
      if (view.pane === 'list') selectAt(controller, controller.selectedIndex + by);
      else if (view.pane === 'log') logPane.move(by);
      else controller.change({ type: 'scrolled', to: Math.max(0, view.paneTop + by) });
    },
    select(id) {
      const index = controller.sections.entries.findIndex(({ task }) => task.id === id);
      controller.change({ type: 'selected', id, index });
    },
    toggleFreeze: () =>
      controller.change(view.frozen ? { type: 'thawed' } : { type: 'frozen', frozen: frozenAt(parts) }),
    chooseStatus: () => chooseStatus(controller),
    ask(id, command, argument) {
      controller.change({ type: 'asked', id });
      void send(parts, controller, id, command, argument);
    },
    copy(text) {
      terminal.copy(text);
      controller.notice(words`copied ${text}`);
    },
    quit: terminal.quit,
  };
  return controller;
}

/** Selects by the place in the list; beyond either end, the outermost task. */
function selectAt({ sections: { entries }, change }: ViewController, place: number): void {
  const index = Math.max(0, Math.min(place, entries.length - 1));
  const entry = entries[index];
  if (entry) change({ type: 'selected', id: entry.task.id, index });
}

/** Sends a command, and says why it failed unless the task itself shows that. */
async function send(
  { monitor, redraw }: { readonly monitor: Monitor; readonly redraw: () => void },
  { notice }: ViewController,
  ...[id, command, argument]: Parameters<ViewController['ask']>
): Promise<void> {
  const result = await monitor.send(id, command, argument);
  if (result.kind === 'refused' && !isRefusalShown(monitor, id)) notice(result.problem.message);
  redraw();
}

/** Returns where the selected task is listed; if it is not, where it was. */
function placeOf({ selected, selectedIndex }: ViewState, entries: readonly TaskEntry[]): number {
  if (selected === null) return 0;
  if (entries[selectedIndex]?.task.id === selected) return selectedIndex;
  const index = entries.findIndex((entry) => entry.task.id === selected);
  return index >= 0 ? index : Math.max(0, Math.min(selectedIndex, entries.length - 1));
}

function selectedIn({ sections, selectedIndex }: ViewController, monitor: Monitor): TaskEntry | null {
  const entry = sections.entries[selectedIndex];
  return entry ? (findEntry(monitor.getState(), entry.task.id) ?? entry) : null;
}

function isUnfolded({ view, sections, selected, selectedIndex }: ViewController, id: TaskId): boolean {
  const list = { sections, selected: selected?.task.id ?? null, selectedIndex, folding: view.folding };
  return unfoldings(list, view.bodyHeight).has(id);
}

/** If its source was asked, the task itself shows why it was refused. */
function isRefusalShown(monitor: Monitor, id: TaskId): boolean {
  return Boolean(findEntry(monitor.getState(), id)?.refused);
}

function isLeaving({ selected }: ViewState, event: ViewEvent): boolean {
  return event.type === 'pane-opened' || (event.type === 'selected' && event.id !== selected);
}

/** Returns what has been seen once the open pane is closed: a task that was looked at in detail needs nobody any more. */
function seenOnLeaving({ view, data, selected }: ViewController): Dismissals {
  const isLookedAt = selected !== null && (view.pane === 'detail' || view.pane === 'log');
  if (!isLookedAt || !hasEnded(selected.task.state.status)) return view.seen;
  return withDismissed(view.seen, data, [selected]);
}

/** Offers the statuses that the user can set. */
function chooseStatus({ selected, prompt }: ViewController): void {
  const task = selected?.task;
  const offer = task && offerOf(task, 'setStatus');
  if (!task || !offer) return;
  const { choices = USER_STATUSES, asksBack = [] } = offer;
  prompt({ kind: 'status', id: task.id, name: task.name, choices, asksBack, at: 0 });
}

/** Returns what is known at this moment, for a screen that is frozen. */
function frozenAt({ monitor, clock }: { readonly monitor: Monitor; readonly clock: Clock }): Frozen {
  const atMs = clock.now();
  const state = monitor.getState();
  const running = allEntries(state).filter(({ task }) => task.state.status === 'running');
  const estimates = new Map(running.map(({ task }) => [task.id, monitor.estimate(task.id, atMs)]));
  return { state, atMs, estimates };
}
