import type { KeyName } from '../input/event.ts';
import { words } from '../model/text.ts';
import type { Action } from './action.ts';

/** What moves the selection, or what covers the list. */
export const MOVE_ACTIONS: readonly Action[] = [
  {
    keys: ['up', 'down', 'j', 'k'],
    shown: words`↑↓ j k`,
    name: words`move`,
    help: words`to the next or previous task; in a log or help, by a line`,
    isForPanes: true,
    canBeHeld: true,
    run: (controller, key) => controller.move(key === 'up' || key === 'k' ? -1 : 1),
  },
  {
    keys: ['g', 'G', 'home', 'end', 'pageup', 'pagedown'],
    shown: words`g G PgUp PgDn`,
    name: words`jump`,
    help: words`to the first or last, a page up or down; also in details beside the list`,
    isForPanes: true,
    canBeHeld: true,
    run: (controller, key) => controller.jump(JUMPS[key]?.(controller.pageSize) ?? 0),
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
