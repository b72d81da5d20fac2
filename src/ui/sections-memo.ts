import { type Arrangement, arrange } from '../store/arrange.ts';
import { type Sections, sectionsOf } from '../store/sections.ts';
import type { State } from '../store/state.ts';
import type { ViewState } from './view-state.ts';

/**
 * Remembers the sections: selecting and sorting ten thousand tasks takes longer than drawing a screen. A key press must not
 * pay for that, and a change of one task must not pay for all of them.
 */
export function createSectionsMemo() {
  let known: { readonly key: readonly unknown[]; readonly sections: Sections } | null = null;
  let arrangement: Arrangement | null = null;

  return (state: State, view: ViewState, nowMs: number): Sections => {
    const { filter, sort, group, dismissals, seen, attention } = view;
    const key = [state, filter, sort, group, dismissals, seen, attention.absences];
    const isFresh =
      known !== null && nowMs < known.sections.until && key.every((part, at) => part === known?.key[at]);
    if (known && isFresh) return known.sections;
    const options = { filter, sort, group, dismissals, seen, attention, nowMs };
    arrangement = arrange(state, options, arrangement);
    const sections = sectionsOf(arrangement, options);
    known = { key, sections };
    return sections;
  };
}
