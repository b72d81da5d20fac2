import type { PlainText } from '../model/text.ts';
import { words } from '../model/text.ts';
import type { GroupKey } from './sections.ts';
import type { SortKey } from './select.ts';

/** A list under a name: what it shows, in which order and in which groups. */
export interface NamedView {
  readonly name: PlainText;
  readonly filter: PlainText;
  readonly sort: SortKey;
  readonly group: GroupKey;
}

/** One for each of the keys 1 to 9. */
export const MOST_VIEWS = 9;

/** The views if none are configured. */
export const BUILT_IN_VIEWS: readonly NamedView[] = [
  { name: words`needs you`, filter: words`is:needs-you`, sort: 'urgency', group: 'none' },
  { name: words`running`, filter: words`status:running`, sort: 'urgency', group: 'none' },
  { name: words`failed`, filter: words`status:failed`, sort: 'updated', group: 'none' },
  { name: words`ended`, filter: words`is:ended`, sort: 'urgency', group: 'none' },
];
