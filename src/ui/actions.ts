import type { KeyName } from '../input/event.ts';
import { linesBelow } from '../present/below.ts';
import type { Desk } from './desk.ts';
import { dismiss, isEnded } from './dismiss.ts';
import { needsTask, refusalOf } from './refusal.ts';

/** A key (or several) with what it does. Footer, help and documentation are made from this table. */
export interface Action {
  readonly keys: readonly KeyName[];
  /** The keys as they are written for people. */
  readonly shown: string;
  readonly name: string;
  readonly help: string;
  /** Its rank among the keys of the footer, where there is not room for all; absent: only in the help. */
  readonly footer?: number;
  /** Whether it belongs in the footer now; always where absent. */
  readonly isTimely?: (desk: Desk) => boolean;
  /** It is about the selected task, which stays selected from then on. */
  readonly isAboutTask?: true;
  /** It moves in what is open, or closes it; of any other key one wants to see what it does, so it closes the help. */
  readonly isForPanes?: true;
  /** Its keys can be held down: several of one, read at once, are that key as often. */
  readonly canBeHeld?: true;
  /** Why it can't be done now; null when it can. */
  readonly refusal?: (desk: Desk) => string | null;
  readonly run: (desk: Desk, key: KeyName) => void;
}

export const ACTIONS: readonly Action[] = [
  {
    keys: ['up', 'down', 'j', 'k'],
    shown: '↑↓ j k',
    name: 'move',
    help: 'to the next or previous task; in a pane, by a line',
    isForPanes: true,
    canBeHeld: true,
    run: (desk, key) => desk.move(key === 'up' || key === 'k' ? -1 : 1),
  },
  {
    keys: ['g', 'G', 'home', 'end', 'pageup', 'pagedown'],
    shown: 'g G PgUp PgDn',
    name: 'jump',
    help: 'to the first or last, a page up or down',
    isForPanes: true,
    canBeHeld: true,
    run: (desk, key) => desk.move(JUMPS[key]?.(desk.pageSize) ?? 0),
  },
  {
    keys: ['enter'],
    shown: 'enter',
    name: 'details',
    help: 'steps, notes, dependencies, sessions, errors and the raw document of the task',
    footer: 4,
    isAboutTask: true,
    refusal: needsTask,
    run: (desk) =>
      desk.change({ type: 'pane-opened', pane: desk.view.pane === 'detail' ? 'list' : 'detail' }),
  },
  {
    keys: [' '],
    shown: 'space',
    name: 'unfold',
    help: 'show or hide the steps, or the sessions, below the task',
    footer: 9,
    isAboutTask: true,
    refusal: (desk) =>
      needsTask(desk) ?? (desk.selected && linesBelow(desk.selected.task) === 0 ? 'it has no steps' : null),
    run: (desk) => {
      const id = desk.selected?.task.id;
      if (id) desk.change({ type: 'folded', id, as: desk.isUnfolded(id) ? 'folded' : 'unfolded' });
    },
  },
  {
    keys: ['c'],
    shown: 'c',
    name: 'cancel',
    help: 'ask the source to stop the task (asks y/n)',
    footer: 2,
    isAboutTask: true,
    refusal: (desk) => refusalOf(desk, 'cancel'),
    run: (desk) => {
      const task = desk.selected?.task;
      if (task) desk.prompt({ kind: 'confirm', command: 'cancel', id: task.id, name: task.name });
    },
  },
  {
    keys: ['r'],
    shown: 'r',
    name: 'retry',
    help: 'ask the source to run a failed or cancelled task again',
    footer: 3,
    isAboutTask: true,
    refusal: (desk) => refusalOf(desk, 'retry'),
    run: (desk) => desk.selected && desk.ask(desk.selected.task.id, 'retry'),
  },
  {
    keys: ['d'],
    shown: 'd',
    name: 'dismiss',
    help: 'put an ended task away; it comes back when it moves again',
    footer: 5,
    refusal: (desk) => needsTask(desk) ?? (isEnded(desk.selected) ? null : 'it has not ended'),
    run: (desk) => desk.selected && dismiss(desk, [desk.selected]),
  },
  {
    keys: ['D'],
    shown: 'D',
    name: 'dismiss all that ended',
    help: 'put away every listed task that has ended (asks y/n)',
    refusal: (desk) => (desk.sections.entries.some(isEnded) ? null : 'none has ended'),
    run: (desk) => {
      const ids = desk.sections.entries.filter(isEnded).map(({ task }) => task.id);
      desk.prompt({ kind: 'dismiss', ids });
    },
  },
  {
    keys: ['u'],
    shown: 'u',
    name: 'undo dismiss',
    help: 'bring back what was dismissed last',
    footer: 11,
    refusal: (desk) =>
      desk.view.undo.length > 0 || desk.sections.dismissed > 0 ? null : 'nothing was dismissed',
    run: (desk) => desk.change({ type: 'undone' }),
  },
  {
    keys: ['/'],
    shown: '/',
    name: 'filter as you type',
    help: 'words that must occur; status:failed, source:x, name:x, label:x; -word must not',
    footer: 6,
    run: (desk) => {
      if (desk.view.pane !== 'list') desk.change({ type: 'pane-opened', pane: 'list' });
      desk.prompt({ kind: 'filter' });
    },
  },
  {
    keys: ['s'],
    shown: 's',
    name: 'sort',
    help: 'by urgency, name, status, progress, start, news, source',
    footer: 7,
    run: (desk) => desk.change({ type: 'sort-changed' }),
  },
  {
    keys: ['v'],
    shown: 'v',
    name: 'group',
    help: 'by status, by source, not at all',
    footer: 10,
    run: (desk) => desk.change({ type: 'group-changed' }),
  },
  {
    keys: ['p'],
    shown: 'p',
    name: 'freeze',
    help: 'let the screen stand still, or go on; commands still work',
    footer: 8,
    run: (desk) => desk.toggleFreeze(),
  },
  {
    keys: ['y'],
    shown: 'y',
    name: 'copy the id',
    help: "to the terminal's clipboard (OSC 52)",
    isAboutTask: true,
    refusal: needsTask,
    run: (desk) => desk.selected && desk.copy(desk.selected.task.nativeId),
  },
  {
    keys: ['t'],
    shown: 't',
    name: "set the user's status",
    help: 'on a session board; unusual changes ask for confirmation (y/n)',
    footer: 4,
    isTimely: ({ selected }) => selected?.task.offers.some(({ command }) => command === 'setStatus') ?? false,
    isAboutTask: true,
    refusal: (desk) => refusalOf(desk, 'setStatus'),
    run: (desk) => desk.chooseStatus(),
  },
  {
    keys: ['?'],
    shown: '?',
    name: 'help',
    help: 'every key',
    footer: 0,
    isForPanes: true,
    run: (desk) => desk.change({ type: 'pane-opened', pane: desk.view.pane === 'help' ? 'list' : 'help' }),
  },
  {
    keys: ['esc'],
    shown: 'esc',
    name: 'closes what is open',
    help: 'a pane, a question, a filter',
    footer: 1,
    isForPanes: true,
    isTimely: ({ view }) => view.pane !== 'list' || view.filter !== '',
    run: (desk) => {
      if (desk.view.pane !== 'list') desk.change({ type: 'pane-opened', pane: 'list' });
      else if (desk.view.filter !== '') desk.change({ type: 'filtered', filter: '' });
    },
  },
  {
    keys: ['q', 'ctrl-c'],
    shown: 'q, Ctrl-C',
    name: 'quit',
    help: 'the last state stays in the terminal',
    footer: 1,
    run: (desk, key) => desk.quit(key === 'q' ? 'quit' : 'SIGINT'),
  },
];

const JUMPS: Record<KeyName, (page: number) => number> = {
  g: () => Number.NEGATIVE_INFINITY,
  home: () => Number.NEGATIVE_INFINITY,
  G: () => Number.POSITIVE_INFINITY,
  end: () => Number.POSITIVE_INFINITY,
  pageup: (page) => -page,
  pagedown: (page) => page,
};

const BY_KEY = new Map(ACTIONS.flatMap((action) => action.keys.map((key) => [key, action] as const)));

/** The action of a key, outside of prompts. */
export function actionOf(key: KeyName): Action | undefined {
  return BY_KEY.get(key);
}

/** The table of keys for the README. */
export function keyTableMarkdown(): string {
  const rows = ACTIONS.map(({ shown, name, help }) => `| \`${shown}\` | ${name} | ${help} |`);
  return ['| key | name | what it does |', '|---|---|---|', ...rows].join('\n');
}
