import type { ShownEstimate } from '../eta/shown-estimate.ts';
import type { TaskId } from '../model/id.ts';
import { type PlainText, words } from '../model/text.ts';
import type { Tone } from '../present/line.ts';
import type { LogLook } from '../present/log.ts';
import { type Attention, startAttention, withClockSet, withKeyPress } from '../store/attention.ts';
import type { Dismissals } from '../store/dismissals.ts';
import { GROUP_KEYS, type GroupKey } from '../store/sections.ts';
import { SORT_KEYS, type SortKey } from '../store/select.ts';
import type { State } from '../store/state.ts';
import type { Prompt } from './prompt.ts';

/** Everything that the interface itself remembers, without what the sources report. */
export interface ViewState {
  /** null until a key has selected a task; until then, the first row counts as selected, whichever task that is. */
  readonly selected: TaskId | null;
  /** Where the selected task was last listed, in case it disappears. */
  readonly selectedIndex: number;
  readonly listTop: number;
  /** Whether the list scrolls along with the selected task: from the key that selected it until it sinks. */
  readonly follows: boolean;
  /** The tasks that `c`, `r` and `d` act on, if there are any. */
  readonly marked: ReadonlySet<TaskId>;
  /** The places of the tasks for which nobody is notified. */
  readonly muted: ReadonlySet<string>;
  readonly folding: ReadonlyMap<TaskId, 'folded' | 'unfolded'>;
  readonly pane: 'list' | 'detail' | 'help' | 'log';
  readonly paneTop: number;
  /** Whether the details show the source's own document instead. */
  readonly isRaw: boolean;
  /** Whether details and log are shown beside the list if there is room. */
  readonly splits: boolean;
  /** Whether the terminal has room for that. */
  readonly isWide: boolean;
  /** How the open log is shown. */
  readonly log: Omit<LogLook, 'top'>;
  readonly prompt: Prompt | null;
  readonly filter: PlainText;
  readonly sort: SortKey;
  readonly group: GroupKey;
  /** The named view that set these three; null once one of them is changed by hand. */
  readonly named: PlainText | null;
  /** What was known when the screen was frozen, and when that was (epoch ms). */
  readonly frozen: Frozen | null;
  readonly dismissals: Dismissals;
  /** The failures, and the tasks for review, that somebody has looked at. */
  readonly seen: Dismissals;
  /** The states that `u` goes back to, the latest last. */
  readonly undo: readonly Dismissals[];
  readonly notice: Notice | null;
  /** Whether sources are still being searched for. */
  readonly isSearching: boolean;
  readonly attention: Attention;
  /** The task to which the last command was sent from here. */
  readonly asked: TaskId | null;
  /** How many lines list and panes had in the last frame. */
  readonly bodyHeight: number;
}

export interface Frozen {
  readonly state: State;
  /** Epoch ms. */
  readonly atMs: number;
  /** The estimates of the tasks that were running. */
  readonly estimates: ReadonlyMap<TaskId, ShownEstimate | null>;
}

/** How long a notice is shown, unless a key ends it. */
export const NOTICE_MS = 10_000;

/** A short-lived message in the footer. */
export interface Notice {
  readonly text: PlainText;
  readonly tone: Tone;
  /** When it disappears by itself (epoch ms); a key press ends it earlier. */
  readonly until: number;
}

export type ViewEvent =
  | { readonly type: 'key-pressed'; readonly at: number }
  | { readonly type: 'clock-set'; readonly byMs: number }
  | { readonly type: 'selected'; readonly id: TaskId; readonly index: number }
  | { readonly type: 'marked'; readonly id: TaskId }
  | { readonly type: 'marks-cleared' }
  | { readonly type: 'mute-toggled'; readonly place: string }
  | { readonly type: 'folded'; readonly id: TaskId; readonly as: 'folded' | 'unfolded' }
  | { readonly type: 'pane-opened'; readonly pane: ViewState['pane'] }
  | { readonly type: 'scrolled'; readonly to: number }
  | { readonly type: 'raw-toggled' }
  | { readonly type: 'split-toggled' }
  | { readonly type: 'log-shown'; readonly log: Partial<ViewState['log']> }
  | { readonly type: 'prompted'; readonly prompt: Prompt | null }
  | { readonly type: 'filtered'; readonly filter: PlainText }
  | ({ readonly type: 'view-chosen' } & Pick<ViewState, 'named' | 'filter' | 'sort' | 'group'>)
  | { readonly type: 'sort-changed' }
  | { readonly type: 'group-changed' }
  | { readonly type: 'frozen'; readonly frozen: Frozen }
  | { readonly type: 'thawed' }
  | { readonly type: 'dismissed'; readonly dismissals: Dismissals }
  | { readonly type: 'undone' }
  | { readonly type: 'noticed'; readonly notice: Notice }
  | { readonly type: 'searched' }
  | { readonly type: 'asked'; readonly id: TaskId }
  | { readonly type: 'settled'; readonly at: Settled };

/** What drawing changes in the view. */
export type Settled = Partial<
  Pick<
    ViewState,
    | 'selected'
    | 'selectedIndex'
    | 'listTop'
    | 'follows'
    | 'pane'
    | 'paneTop'
    | 'isWide'
    | 'log'
    | 'bodyHeight'
  >
>;

/** Tells whether details or log are shown beside the list. */
export function isApart({ pane, splits, isWide }: ViewState): boolean {
  return splits && isWide && (pane === 'detail' || pane === 'log');
}

export function startView(options: {
  readonly isSearching?: boolean;
  readonly filter: PlainText;
  readonly sort: SortKey;
  readonly dismissals: Dismissals;
  readonly seen?: Dismissals;
  readonly muted?: ReadonlySet<string>;
  readonly nowMs: number;
}): ViewState {
  return {
    selected: null,
    selectedIndex: 0,
    listTop: 0,
    follows: false,
    marked: new Set(),
    muted: options.muted ?? new Set(),
    folding: new Map(),
    pane: 'list',
    paneTop: 0,
    isRaw: false,
    splits: true,
    isWide: false,
    log: { follows: true, wraps: false, search: words`` },
    prompt: null,
    filter: options.filter,
    sort: options.sort,
    group: 'none',
    named: null,
    frozen: null,
    dismissals: options.dismissals,
    seen: options.seen ?? {},
    undo: [],
    notice: null,
    isSearching: options.isSearching ?? false,
    attention: startAttention(options.nowMs),
    asked: null,
    bodyHeight: 0,
  };
}

/** Returns the next view. Pure, and the only way in which the view changes. */
export function reduceView(view: ViewState, event: ViewEvent): ViewState {
  switch (event.type) {
    case 'key-pressed':
      return { ...view, notice: null, attention: withKeyPress(view.attention, event.at) };
    case 'clock-set':
      return {
        ...view,
        notice: view.notice && { ...view.notice, until: view.notice.until + event.byMs },
        attention: withClockSet(view.attention, event.byMs),
      };
    case 'selected':
      return {
        ...view,
        selected: event.id,
        selectedIndex: event.index,
        follows: true,
        paneTop: event.id === view.selected ? view.paneTop : 0,
      };
    case 'marked':
      return { ...view, marked: withToggled(view.marked, event.id) };
    case 'marks-cleared':
      return { ...view, marked: new Set() };
    case 'mute-toggled':
      return { ...view, muted: withToggled(view.muted, event.place) };
    case 'folded':
      return { ...view, folding: new Map(view.folding).set(event.id, event.as) };
    case 'pane-opened':
      return { ...view, pane: event.pane, paneTop: 0, isRaw: false };
    case 'log-shown':
      return { ...view, log: { ...view.log, ...event.log } };
    case 'scrolled':
      return { ...view, paneTop: event.to };
    case 'raw-toggled':
      return { ...view, isRaw: !view.isRaw, paneTop: 0 };
    case 'split-toggled':
      return { ...view, splits: !view.splits };
    case 'prompted':
      return { ...view, prompt: event.prompt };
    case 'filtered':
      return { ...view, filter: event.filter, named: null };
    case 'view-chosen':
      return {
        ...view,
        named: event.named,
        filter: event.filter,
        sort: event.sort,
        group: event.group,
        listTop: 0,
      };
    case 'sort-changed':
      return { ...view, sort: after(SORT_KEYS, view.sort), named: null };
    case 'group-changed':
      return { ...view, group: after(GROUP_KEYS, view.group), named: null };
    case 'frozen':
      return { ...view, frozen: event.frozen };
    case 'thawed':
      return { ...view, frozen: null };
    case 'dismissed':
      return { ...view, dismissals: event.dismissals, undo: [...view.undo, view.dismissals] };
    case 'undone':
      return { ...view, dismissals: view.undo.at(-1) ?? {}, undo: view.undo.slice(0, -1) };
    case 'searched':
      return { ...view, isSearching: false };
    case 'noticed':
      return { ...view, notice: event.notice };
    case 'asked':
      return { ...view, asked: event.id };
    case 'settled':
      return { ...view, ...event.at };
    default:
      return event satisfies never;
  }
}

function withToggled<T>(chosen: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return chosen.has(one) ? new Set([...chosen].filter((other) => other !== one)) : new Set([...chosen, one]);
}

function after<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length] ?? current;
}
