import UFuzzy from '@leeoniya/ufuzzy';
import { type PlainText, words } from '../model/text.ts';
import { statusWord } from '../present/count.ts';
import type { BoundAction } from './keymap.ts';
import { chooseView } from './view-actions.ts';
import type { PaletteItem, ViewController } from './view-controller.ts';

/** More would not fit on the line, nor be distinguishable by their names. */
const SHOWN = 20;
/** In longer lists, tasks are found with the filter. */
const MOST_TASKS = 10_000;

const fuzzy = new UFuzzy({ intraMode: 1 });

/**
 * Returns what matches the letters typed so far, best match first; if nothing has been typed, the first things that can be
 * done.
 */
export function paletteItems(
  controller: ViewController,
  actions: readonly BoundAction[],
  text: PlainText,
): PaletteItem[] {
  const all = [...actionItems(controller, actions), ...viewItems(controller), ...taskItems(controller)];
  if (text.trim() === '') return all.slice(0, SHOWN);
  const labels = all.map(({ label }) => label);
  const [found, info, order] = fuzzy.search(labels, text);
  const best = order && info ? order.map((at) => info.idx[at]) : (found ?? []);
  return best.slice(0, SHOWN).flatMap((at) => (at === undefined ? [] : (all[at] ?? [])));
}

function actionItems(controller: ViewController, actions: readonly BoundAction[]): PaletteItem[] {
  return actions
    .filter(
      ({ canBeHeld, isListedApart, refusal }) =>
        !canBeHeld && !isListedApart && (refusal?.(controller) ?? null) === null,
    )
    .map(({ name, shown, isAboutTask, bindings, run }) => ({
      label: shown === '' ? name : words`${name} (${shown})`,
      choose(chosen: ViewController) {
        if (isAboutTask) chosen.pin();
        run(chosen, Object.keys(bindings)[0] ?? '');
      },
    }));
}

/** Returns the named views, with the plain list last. */
function viewItems({ views, keyOf }: ViewController): PaletteItem[] {
  return [
    ...views.map(({ name }, index) => ({ name, number: index + 1 })),
    { name: words`plain list`, number: 0 },
  ].map(({ name, number }) => ({
    label: words`view: ${name} (${keyOf(number === 0 ? 'plain-list' : `view-${number}`)})`,
    choose: (chosen: ViewController) => chooseView(chosen, number),
  }));
}

function taskItems({ sections }: ViewController): PaletteItem[] {
  return sections.entries.slice(0, MOST_TASKS).map(({ task }) => ({
    label: words`${task.name} (${statusWord(task.state.status)})`,
    choose({ select, sections: { entries } }) {
      if (entries.some((entry) => entry.task.id === task.id)) select(task.id);
    },
  }));
}
