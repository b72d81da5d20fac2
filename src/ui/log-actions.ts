import { type PlainText, words } from '../model/text.ts';
import type { Action } from './action.ts';
import { needsTask } from './refusal.ts';
import type { ViewController } from './view-controller.ts';

/** What the keys do with the log of a task. */
export const LOG_ACTIONS: readonly Action[] = [
  {
    bindings: { log: ['l'] },
    shown: words`l`,
    name: words`log`,
    help: (key) =>
      words`the task's output, live; ${key('filter')} searches it, ${key('copy')} copies the visible lines`,
    isAboutTask: true,
    refusal: needsTask,
    run: (controller) =>
      controller.view.pane === 'log'
        ? controller.change({ type: 'pane-opened', pane: 'list' })
        : controller.logPane.open(),
  },
  {
    bindings: { 'next-match': ['n'], 'previous-match': ['N'] },
    shown: words`n N`,
    name: words`next match`,
    help: words`in a log: next or previous matching line`,
    footer: 2,
    isTimely: isInLog,
    refusal: (controller) =>
      needsLog(controller) ??
      (controller.view.log.search === '' ? words`press ${controller.keyOf('filter')} to search first` : null),
    run: (controller, binding) => controller.logPane.find(binding === 'next-match' ? 1 : -1),
  },
  {
    bindings: { wrap: ['w'] },
    shown: words`w`,
    name: words`wrap`,
    help: words`in a log: wrap long lines, or cut them`,
    footer: 3,
    isTimely: isInLog,
    refusal: needsLog,
    run: ({ change, view }) => change({ type: 'log-shown', log: { wraps: !view.log.wraps } }),
  },
];

function isInLog({ view }: ViewController): boolean {
  return view.pane === 'log';
}

function needsLog(controller: ViewController): PlainText | null {
  return isInLog(controller) ? null : words`open a log first: ${controller.keyOf('log')}`;
}
