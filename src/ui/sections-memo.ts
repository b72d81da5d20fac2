import { parseFilter } from '../store/filter.ts';
import { type Sections, selectSections } from '../store/sections.ts';
import type { State } from '../store/state.ts';
import type { ViewState } from './view-state.ts';

/**
 * Remembers the sections: selecting and sorting ten thousand tasks takes longer than drawing a screen, and a key press
 * must not pay for it.
 */
export function createSectionsMemo() {
  let known: { readonly key: readonly unknown[]; readonly sections: Sections } | null = null;
  return (state: State, view: ViewState, nowMs: number): Sections => {
    const { filter, sort, group, dismissals, seen, attention } = view;
    const key = [state, filter, sort, group, dismissals, seen, attention.absence];
    const isFresh =
      known !== null && nowMs < known.sections.until && key.every((part, at) => part === known?.key[at]);
    if (!known || !isFresh) {
      const sections = selectSections(state, {
        filter: parseFilter(filter),
        sort,
        group,
        dismissals,
        seen,
        attention,
        nowMs,
      });
      known = { key, sections };
    }
    return known.sections;
  };
}
