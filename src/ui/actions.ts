import { type CommandName, offerOf } from '../model/command.ts';
import { type PlainText, plainName, words } from '../model/text.ts';
import { linesBelow } from '../present/below.ts';
import type { Action } from './action.ts';
import { dismiss, isEnded } from './dismiss.ts';
import { LOG_ACTIONS } from './log-actions.ts';
import { askForMarked, dismissMarked, markedEntries, markedRefusal } from './marks.ts';
import { MOVE_ACTIONS } from './move-actions.ts';
import { NEED_ACTIONS } from './need-actions.ts';
import { PANE_ACTIONS } from './pane-actions.ts';
import { needsTask, refusalOf } from './refusal.ts';
import { chooseView, VIEW_ACTIONS } from './view-actions.ts';
import type { ViewController } from './view-controller.ts';

export const ACTIONS: readonly Action[] = [
  ...MOVE_ACTIONS,
  {
    bindings: { details: ['enter'] },
    shown: words`enter`,
    name: words`details`,
    isTimely: ({ view }) => view.pane !== 'detail',
    help: words`question, error, steps, notes, dependencies, sessions, last output; beside the list if there is room`,
    footer: 4,
    isAboutTask: true,
    refusal: needsTask,
    run: (controller) =>
      controller.change({ type: 'pane-opened', pane: controller.view.pane === 'detail' ? 'list' : 'detail' }),
  },
  ...NEED_ACTIONS,
  ...PANE_ACTIONS,
  ...LOG_ACTIONS,
  {
    bindings: { unfold: [' '] },
    shown: words`space`,
    name: words`unfold`,
    help: words`show or hide the task's steps or sessions below it`,
    footer: 9,
    isAboutTask: true,
    refusal: (controller) =>
      needsTask(controller) ??
      (controller.selected && linesBelow(controller.selected.task) === 0 ? words`no steps to unfold` : null),
    run: (controller) => {
      const id = controller.selected?.task.id;
      if (id)
        controller.change({ type: 'folded', id, as: controller.isUnfolded(id) ? 'folded' : 'unfolded' });
    },
  },
  {
    bindings: { cancel: ['c'] },
    shown: words`c`,
    name: words`cancel`,
    help: words`ask the source to stop the task (asks y/n)`,
    footer: 2,
    isAboutTask: true,
    refusal: (controller) => refusalOrMarked(controller, 'cancel'),
    run: (controller) => {
      if (markedEntries(controller).length > 0) return askForMarked(controller, 'cancel');
      const task = controller.selected?.task;
      if (task) controller.prompt({ kind: 'confirm', command: 'cancel', id: task.id, name: task.name });
    },
  },
  {
    bindings: { retry: ['r'] },
    shown: words`r`,
    name: words`retry`,
    help: words`ask the source to run a failed or cancelled task again (asks y/n if that starts a command here)`,
    footer: 3,
    isAboutTask: true,
    refusal: (controller) => refusalOrMarked(controller, 'retry'),
    run: (controller) => {
      if (markedEntries(controller).length > 0) return askForMarked(controller, 'retry');
      const task = controller.selected?.task;
      if (!task) return;
      if (offerOf(task, 'retry')?.needsConsent)
        controller.prompt({ kind: 'confirm', command: 'retry', id: task.id, name: task.name });
      else controller.ask(task.id, 'retry');
    },
  },
  {
    bindings: { dismiss: ['d'] },
    shown: words`d`,
    name: words`dismiss`,
    help: words`hide an ended task until it changes again`,
    footer: 5,
    refusal: (controller) =>
      needsTask(controller) ??
      (markedEntries(controller).some(isEnded) || isEnded(controller.selected)
        ? null
        : words`not ended yet: nothing to dismiss`),
    run(controller) {
      if (markedEntries(controller).length > 0) dismissMarked(controller);
      else if (controller.selected) dismiss(controller, [controller.selected]);
    },
  },
  {
    bindings: { 'dismiss-all': ['D'] },
    shown: words`D`,
    name: words`dismiss all that ended`,
    help: words`hide every listed task that has ended (asks y/n)`,
    refusal: (controller) =>
      controller.sections.entries.some(isEnded) ? null : words`no listed task has ended: nothing to dismiss`,
    run: (controller) => {
      const ids = controller.sections.entries.filter(isEnded).map(({ task }) => task.id);
      controller.prompt({ kind: 'dismiss', ids });
    },
  },
  {
    bindings: { undo: ['u'] },
    shown: words`u`,
    name: words`undo dismiss`,
    shortName: words`undo`,
    help: words`bring the last dismissed tasks back`,
    footer: 11,
    refusal: (controller) =>
      controller.view.undo.length > 0 || controller.sections.dismissed > 0
        ? null
        : words`nothing was dismissed: nothing to undo`,
    run: (controller) => controller.change({ type: 'undone' }),
  },
  {
    bindings: { filter: ['/'] },
    shown: words`/`,
    name: words`filter as you type`,
    shortName: words`filter`,
    help: words`words; a | b: either; -word: not; "two words"; status:failed, host:x; (…)`,
    footer: 6,
    run: (controller) => {
      if (controller.view.pane === 'log') return controller.prompt({ kind: 'search' });
      if (controller.view.pane !== 'list') controller.change({ type: 'pane-opened', pane: 'list' });
      controller.prompt({ kind: 'filter' });
    },
  },
  {
    bindings: { sort: ['s'] },
    shown: words`s`,
    name: words`sort`,
    help: words`by urgency, name, status, progress, started, updated or source`,
    footer: 7,
    run: (controller) => controller.change({ type: 'sort-changed' }),
  },
  {
    bindings: { group: ['v'] },
    shown: words`v`,
    name: words`group`,
    help: words`by status, source, host or repository, or not at all`,
    footer: 10,
    run: (controller) => controller.change({ type: 'group-changed' }),
  },
  ...VIEW_ACTIONS,
  {
    bindings: { freeze: ['p'] },
    shown: words`p`,
    name: words`freeze`,
    help: words`pause or resume the screen; commands still work`,
    footer: 8,
    run: (controller) => controller.toggleFreeze(),
  },
  {
    bindings: { copy: ['y'] },
    shown: words`y`,
    name: words`copy the id`,
    help: words`to the terminal's clipboard (OSC 52)`,
    isAboutTask: true,
    refusal: needsTask,
    run(controller) {
      if (controller.view.pane === 'log') controller.logPane.copy();
      else if (controller.selected) controller.copy(plainName(controller.selected.task.nativeId));
    },
  },
  {
    bindings: { 'set-status': ['t'] },
    shown: words`t`,
    name: words`set the user's status`,
    shortName: words`status`,
    help: words`on a session board; unusual changes ask for confirmation (y/n)`,
    footer: 4,
    isTimely: ({ selected }) => selected !== null && offerOf(selected.task, 'setStatus') !== undefined,
    isAboutTask: true,
    refusal: (controller) => refusalOf(controller, 'setStatus'),
    run: (controller) => controller.chooseStatus(),
  },
  {
    bindings: { help: ['?'] },
    shown: words`?`,
    name: words`help`,
    help: words`list every key`,
    footer: 0,
    isForPanes: true,
    run: (controller) =>
      controller.change({ type: 'pane-opened', pane: controller.view.pane === 'help' ? 'list' : 'help' }),
  },
  {
    bindings: { close: ['esc'] },
    shown: words`esc`,
    name: words`close`,
    help: words`the open pane, question, marks, filter or named view`,
    footer: 1,
    isForPanes: true,
    isTimely: ({ view }) =>
      view.pane !== 'list' || view.marked.size > 0 || view.filter !== '' || view.named !== null,
    run: (controller) => {
      if (controller.view.pane !== 'list') controller.change({ type: 'pane-opened', pane: 'list' });
      else if (controller.view.marked.size > 0) controller.change({ type: 'marks-cleared' });
      else if (controller.view.named !== null) chooseView(controller, 0);
      else if (controller.view.filter !== '') controller.change({ type: 'filtered', filter: words`` });
    },
  },
  {
    bindings: { quit: ['q'] },
    shown: words`q, Ctrl-C`,
    name: words`quit`,
    help: words`the last state stays in the terminal`,
    footer: 1,
    run: (controller) => controller.quit('quit'),
  },
];

/** Returns why a command cannot be sent for the marked tasks; if none is marked, for the selected one. */
function refusalOrMarked(controller: ViewController, command: CommandName): PlainText | null {
  const hasMarks = markedEntries(controller).length > 0;
  return hasMarks ? markedRefusal(controller, command) : refusalOf(controller, command);
}
