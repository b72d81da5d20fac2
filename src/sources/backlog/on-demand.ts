import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createBacklogSource as createBacklogSourceNow } from './source.ts';

/** Shows a backlog, as `source.ts` does; the YAML reader that this needs is loaded once the source is read. */
export function createBacklogSource(options: Parameters<typeof createBacklogSourceNow>[0]): Source {
  return createSourceOnDemand(
    { id: options.id, kind: 'backlog', location: options.path, commands: [] },
    async () => (await import('./source.ts')).createBacklogSource(options),
  );
}
