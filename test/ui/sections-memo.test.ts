import { expect, it } from 'vitest';
import { words } from '../../src/model/text.ts';
import { createStore } from '../../src/store/store.ts';
import { createSectionsMemo } from '../../src/ui/sections-memo.ts';
import { reduceView, startView } from '../../src/ui/view-state.ts';

it('sorts nothing anew for a key, until the tasks or the order change', () => {
  const nowMs = 1_800_000_000_000;
  const state = createStore().getState();
  const sectionsOf = createSectionsMemo();
  const view = startView({ filter: words``, sort: 'urgency', dismissals: {}, nowMs });
  const first = sectionsOf(state, view, nowMs);
  const pressed = reduceView(view, { type: 'key-pressed', at: nowMs + 5_000 });
  expect(sectionsOf(state, pressed, nowMs + 5_000)).toBe(first);
  const sorted = reduceView(pressed, { type: 'sort-changed' });
  expect(sectionsOf(state, sorted, nowMs + 5_000)).not.toBe(first);
  // After an absence, what ended in it is marked.
  const back = reduceView(pressed, { type: 'key-pressed', at: nowMs + 300_000 });
  expect(sectionsOf(state, back, nowMs + 300_000)).not.toBe(first);
});
