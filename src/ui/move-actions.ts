import { words } from '../model/text.ts';
import type { Action } from './action.ts';

/** Actions that move the selection, or scroll what covers the list. */
export const MOVE_ACTIONS: readonly Action[] = [
  {
    bindings: { up: ['up', 'k'], down: ['down', 'j'] },
    shown: words`↑↓ j k`,
    name: words`move`,
    help: words`next or previous task; in a log or help, one line`,
    isForPanes: true,
    canBeHeld: true,
    run: (controller, binding) => controller.move(binding === 'up' ? -1 : 1),
  },
  {
    bindings: { first: ['g', 'home'], last: ['G', 'end'], 'page-up': ['pageup'], 'page-down': ['pagedown'] },
    shown: words`g G PgUp PgDn`,
    name: words`jump`,
    help: words`first or last task, one page up or down; also in details beside the list`,
    isForPanes: true,
    canBeHeld: true,
    run: (controller, binding) => controller.jump(JUMPS[binding]?.(controller.pageSize) ?? 0),
  },
];

const JUMPS: Readonly<Record<string, (page: number) => number>> = {
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
  'page-up': (page) => -page,
  'page-down': (page) => page,
};
