import { type PlainText, words } from '../model/text.ts';
import { clockText } from '../present/duration.ts';
import { cut } from '../present/fit.ts';
import type { Badge } from '../present/header.ts';
import type { RenderContext } from '../present/render-context.ts';
import type { ViewController } from './view-controller.ts';

/** How much of a filter is shown. */
const FILTER_WIDTH = 20;

/** Returns what is unusual about the view itself: it is out of date, incomplete, or cannot send commands. */
export function viewBadges(
  { view, sections, readOnly }: ViewController,
  { ascii, timeZone }: RenderContext,
): Badge[] {
  const filter = cut(view.filter, FILTER_WIDTH, ascii);
  return [
    ...(view.frozen
      ? [{ text: words`frozen at ${clockText(view.frozen.atMs, timeZone)}`, short: words`frozen` }]
      : []),
    ...(readOnly ? [{ text: words`read-only`, short: words`ro` }] : []),
    ...(view.named === null ? [] : [namedBadge(view.named, sections.filteredOut)]),
    ...(view.filter === '' || view.named !== null
      ? []
      : [
          {
            text: words`filter: ${filter} (${sections.filteredOut} hidden)`,
            short: words`filter: ${cut(view.filter, 12, ascii)}`,
          },
        ]),
  ];
}

function namedBadge(name: PlainText, hidden: number): Badge {
  const left = hidden === 0 ? words`` : words` (${hidden} hidden)`;
  return { text: words`view: ${name}${left}`, short: words`${name}` };
}
