import { words } from '../model/text.ts';
import { taskPlace } from '../store/dismissals.ts';
import type { Action } from './action.ts';
import { goToNextInNeed } from './next-in-need.ts';
import { openTarget, openTask } from './open-task.ts';
import { needsTask, refusalOf } from './refusal.ts';

/** Actions for tasks that need somebody, and for several tasks at once. */
export const NEED_ACTIONS: readonly Action[] = [
  {
    bindings: { 'needs-you': ['i'] },
    shown: words`i`,
    name: words`next that needs you`,
    shortName: words`needs you`,
    help: words`questions first, then failures, tasks for review and silent tasks`,
    footer: 3,
    isTimely: (controller) => controller.inbox.length > 0,
    refusal: ({ inbox }) => (inbox.length > 0 ? null : words`nothing needs you`),
    run: goToNextInNeed,
  },
  {
    bindings: { answer: ['a'] },
    shown: words`a`,
    name: words`answer`,
    help: words`answer the task's question with a text or the number of a choice`,
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
    bindings: { open: ['o'] },
    shown: words`o`,
    name: words`open`,
    help: words`the task's web page or directory; without a desktop, copy its address or path`,
    isAboutTask: true,
    refusal: (controller) =>
      needsTask(controller) ??
      (openTarget(controller.selected) === null ? words`it has no page and no directory` : null),
    run: openTask,
  },
  {
    bindings: { mark: ['m'] },
    shown: words`m`,
    name: words`mark`,
    help: (key) =>
      words`then ${key('cancel')}, ${key('retry')} and ${key('dismiss')} act on all marked tasks, after one question; ${key('close')} clears the marks`,
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
    bindings: { mute: ['M'] },
    shown: words`M`,
    name: words`mute`,
    help: words`turn notifications of this task off or on (docs/notifications.md)`,
    isAboutTask: true,
    refusal: needsTask,
    run: ({ selected, data, view, change, notice }) => {
      if (!selected) return;
      const place = taskPlace(data, selected);
      change({ type: 'mute-toggled', place });
      notice(
        view.muted.has(place)
          ? words`notifications of ${selected.task.name} are on again`
          : words`muted ${selected.task.name}: nobody is notified of it`,
      );
    },
  },
  {
    bindings: { 'go-to': [':'] },
    shown: words`:`,
    name: words`go to`,
    help: words`any action, named view or task by name; a few of its letters are enough`,
    footer: 11,
    run: ({ prompt }) => prompt({ kind: 'palette', text: words``, at: 0 }),
  },
];
