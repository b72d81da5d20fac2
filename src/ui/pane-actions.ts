import { words } from '../model/text.ts';
import type { Action } from './action.ts';

/** Actions for details and log, beside or instead of the list. */
export const PANE_ACTIONS: readonly Action[] = [
  {
    bindings: { raw: ['x'] },
    shown: words`x`,
    name: words`raw`,
    help: words`in the details: show the source's own document, or go back`,
    footer: 4,
    isForPanes: true,
    isTimely: ({ view }) => view.pane === 'detail',
    refusal: ({ view, keyOf }) =>
      view.pane === 'detail' ? null : words`open the details first: ${keyOf('details')}`,
    run: ({ change }) => change({ type: 'raw-toggled' }),
  },
  {
    bindings: { split: ['|'] },
    shown: words`|`,
    name: words`split`,
    help: words`show details and log beside the list, or instead of it`,
    footer: 12,
    isForPanes: true,
    isTimely: ({ view }) => view.isWide && (view.pane === 'detail' || view.pane === 'log'),
    refusal: ({ view }) => (view.isWide ? null : words`too narrow to show both: 110 columns are needed`),
    run: ({ change }) => change({ type: 'split-toggled' }),
  },
];
