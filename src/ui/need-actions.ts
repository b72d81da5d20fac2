import { words } from '../model/text.ts';
import type { Action } from './action.ts';
import { goToNextInNeed } from './next-in-need.ts';
import { openTarget, openTask } from './open-task.ts';
import { needsTask, refusalOf } from './refusal.ts';

/** What the keys do for those that need somebody, and for several tasks at once. */
export const NEED_ACTIONS: readonly Action[] = [
  {
    keys: ['i'],
    shown: words`i`,
    name: words`next that needs you`,
    help: words`what asks first, then failures, what is for review, what is silent`,
    footer: 3,
    isTimely: (controller) => controller.inbox.length > 0,
    refusal: ({ inbox }) => (inbox.length > 0 ? null : words`nothing needs you`),
    run: goToNextInNeed,
  },
  {
    keys: ['a'],
    shown: words`a`,
    name: words`answer`,
    help: words`the question that the task asks: a text, or the number of a choice`,
    footer: 2,
    isTimely: ({ selected }) => Boolean(selected?.task.question),
    isAboutTask: true,
    refusal: (controller) => refusalOf(controller, 'answer'),
    run: ({ selected, prompt }) => {
      const question = selected?.task.question;
      if (selected && question)
        prompt({ kind: 'answer', id: selected.task.id, name: selected.task.name, question, text: words`` });
    },
  },
  {
    keys: ['o'],
    shown: words`o`,
    name: words`open`,
    help: words`its page in a browser, or its directory; without a desktop, copy where it is`,
    isAboutTask: true,
    refusal: (controller) =>
      needsTask(controller) ??
      (openTarget(controller.selected) === null ? words`it has no page and no directory` : null),
    run: openTask,
  },
  {
    keys: ['m'],
    shown: words`m`,
    name: words`mark`,
    help: words`then c, r and d act on all that is marked, after one question; esc clears the marks`,
    footer: 10,
    isAboutTask: true,
    refusal: needsTask,
    run: ({ selected, change, move }) => {
      if (!selected) return;
      change({ type: 'marked', id: selected.task.id });
      move(1);
    },
  },
  {
    keys: [':'],
    shown: words`:`,
    name: words`go to`,
    help: words`any action or task by name; some of its letters will do`,
    footer: 11,
    run: ({ prompt }) => prompt({ kind: 'palette', text: words``, at: 0 }),
  },
];
