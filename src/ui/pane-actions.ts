import { words } from '../model/text.ts';
import type { Action } from './action.ts';

/** What the keys do with details and log, beside or instead of the list. */
export const PANE_ACTIONS: readonly Action[] = [
  {
    keys: ['x'],
    shown: words`x`,
    name: words`raw`,
    help: words`in the details: the source's own document, and back`,
    footer: 4,
    isForPanes: true,
    isTimely: ({ view }) => view.pane === 'detail',
    refusal: ({ view }) => (view.pane === 'detail' ? null : words`open the details first: enter`),
    run: ({ change }) => change({ type: 'raw-toggled' }),
  },
  {
    keys: ['|'],
    shown: words`|`,
    name: words`split`,
    help: words`details and log beside the list, or instead of it`,
    footer: 12,
    isForPanes: true,
    isTimely: ({ view }) => view.isWide && (view.pane === 'detail' || view.pane === 'log'),
    refusal: ({ view }) => (view.isWide ? null : words`too narrow to show both: 110 columns are needed`),
    run: ({ change }) => change({ type: 'split-toggled' }),
  },
];
