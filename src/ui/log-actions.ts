import { type PlainText, words } from '../model/text.ts';
import type { Action } from './action.ts';
import { needsTask } from './refusal.ts';
import type { ViewController } from './view-controller.ts';

/** What the keys do with the log of a task. */
export const LOG_ACTIONS: readonly Action[] = [
  {
    keys: ['l'],
    shown: words`l`,
    name: words`log`,
    help: words`what the task has printed, as it comes; / searches there, y copies the lines in sight`,
    isAboutTask: true,
    refusal: needsTask,
    run: (controller) =>
      controller.view.pane === 'log'
        ? controller.change({ type: 'pane-opened', pane: 'list' })
        : controller.logPane.open(),
  },
  {
    keys: ['n', 'N'],
    shown: words`n N`,
    name: words`next match`,
    help: words`in a log: to the next line that matches, or the one before`,
    footer: 2,
    isTimely: isInLog,
    refusal: (controller) =>
      needsLog(controller) ?? (controller.view.log.search === '' ? words`press / to search first` : null),
    run: (controller, key) => controller.logPane.find(key === 'n' ? 1 : -1),
  },
  {
    keys: ['w'],
    shown: words`w`,
    name: words`wrap`,
    help: words`in a log: show long lines whole, or cut`,
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
  return isInLog(controller) ? null : words`open a log first: l`;
}
