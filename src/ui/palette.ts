import UFuzzy from '@leeoniya/ufuzzy';
import { type PlainText, words } from '../model/text.ts';
import type { Action } from './action.ts';
import type { ViewController } from './view-controller.ts';

/** Something that the palette can do or go to. */
export interface PaletteItem {
  readonly label: PlainText;
  choose(controller: ViewController): void;
}

/** More cannot be shown in a line, nor told apart by their names. */
const SHOWN = 20;
/** In longer lists, tasks are found by the filter. */
const MOST_TASKS = 10_000;

const fuzzy = new UFuzzy({ intraMode: 1 });

/** Returns what matches the letters typed so far, the best first; everything that can be done if nothing is typed. */
export function paletteItems(
  controller: ViewController,
  actions: readonly Action[],
  text: PlainText,
): PaletteItem[] {
  const all = [...actionItems(controller, actions), ...taskItems(controller)];
  if (text.trim() === '') return all.slice(0, SHOWN);
  const labels = all.map(({ label }) => label);
  const [found, info, order] = fuzzy.search(labels, text);
  const best = order && info ? order.map((at) => info.idx[at]) : (found ?? []);
  return best.slice(0, SHOWN).flatMap((at) => (at === undefined ? [] : (all[at] ?? [])));
}

function actionItems(controller: ViewController, actions: readonly Action[]): PaletteItem[] {
  return actions
    .filter(({ canBeHeld, refusal }) => !canBeHeld && (refusal?.(controller) ?? null) === null)
    .flatMap(({ name, shown, isAboutTask, keys: [key], run }) =>
      key === undefined
        ? []
        : {
            label: words`${name} (${shown})`,
            choose(chosen: ViewController) {
              if (isAboutTask) chosen.pin();
              run(chosen, key);
            },
          },
    );
}

function taskItems({ sections }: ViewController): PaletteItem[] {
  return sections.entries.slice(0, MOST_TASKS).map(({ task }) => ({
    label: task.name,
    choose({ change, sections: { entries } }) {
      const index = entries.findIndex((entry) => entry.task.id === task.id);
      if (index >= 0) change({ type: 'selected', id: task.id, index });
    },
  }));
}
