import { words } from '../model/text.ts';
import type { Action } from './action.ts';
import type { ViewController } from './view-controller.ts';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const PLAIN = 'plain-list';

/** The actions of the digits, which choose named views. */
export const VIEW_ACTIONS: readonly Action[] = [
  {
    bindings: { ...Object.fromEntries(DIGITS.map((digit) => [`view-${digit}`, [digit]])), [PLAIN]: ['0'] },
    shown: words`1-9 0`,
    name: words`named view`,
    help: words`1 needs you, 2 running, 3 failed, 4 ended, or your own (setting views); 0 the plain list`,
    isListedApart: true,
    run: (controller, binding) => chooseView(controller, binding === PLAIN ? 0 : Number(binding.slice(-1))),
  },
];

/** Switches to a named view by its number; 0 is the plain list. */
export function chooseView({ views, change, notice, usualSort }: ViewController, number: number): void {
  const view = views[number - 1];
  if (number > 0 && !view) {
    const count = views.length === 0 ? words`there are none` : words`they are 1 to ${views.length}`;
    return notice(words`no view ${number}: ${count} (setting views)`);
  }
  change({
    type: 'view-chosen',
    named: view?.name ?? null,
    filter: view?.filter ?? words``,
    sort: view?.sort ?? usualSort,
    group: view?.group ?? 'none',
  });
}
