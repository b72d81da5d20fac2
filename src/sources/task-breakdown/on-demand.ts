import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createTaskBreakdownSource as createTaskBreakdownSourceNow } from './source.ts';

/** Shows a task breakdown, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createTaskBreakdownSource(
  options: Parameters<typeof createTaskBreakdownSourceNow>[0],
): Source {
  return createSourceOnDemand(
    { id: options.id, kind: 'task-breakdown', location: options.path, commands: ['cancel', 'retry'] },
    async () => (await import('./source.ts')).createTaskBreakdownSource(options),
  );
}
