import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import { words } from '../../model/text.ts';
import type { Source } from '../kit/source.ts';
import { createTickListSource } from '../kit/tick-list.ts';
import { readFeatureList } from './format.ts';

/** Shows a list of features, or of Ralph's stories, as one task: what passes is done. There are no commands. */
export function createFeatureListSource(options: {
  readonly id: SourceId;
  readonly path: string;
  readonly clock: Clock;
}): Source {
  return createTickListSource<unknown>({
    ...options,
    kind: 'feature-list',
    expected: words`list of features: [{"description": …, "passes": …}], or {"userStories": […]}`,
    list: (document) => readFeatureList(document, options.path),
  });
}
