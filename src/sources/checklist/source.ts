import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import { words } from '../../model/text.ts';
import type { Source } from '../kit/source.ts';
import { createTickListSource } from '../kit/tick-list.ts';
import { checklistAsList, noBoxes, readChecklist } from './format.ts';

/** Shows a Markdown checklist as one task, with its boxes as steps. There are no commands. */
export function createChecklistSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  const { path } = options;
  return createTickListSource({
    ...options,
    kind: 'checklist',
    expected: words`boxes`,
    parse(text) {
      const checklist = readChecklist(text, path);
      return checklist ? { value: checklist } : { explain: () => noBoxes(path) };
    },
    list: (checklist) => checklistAsList(checklist, path),
  });
}
