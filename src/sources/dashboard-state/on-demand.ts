import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createDashboardStateSource as createDashboardStateSourceNow } from './source.ts';

/** Shows a state file's tasks, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createDashboardStateSource(
  options: Parameters<typeof createDashboardStateSourceNow>[0],
): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'dashboard-state',
      location: options.path,
      commands: ['cancel', 'retry', 'answer'],
      hasLog: true,
    },
    async () => (await import('./source.ts')).createDashboardStateSource(options),
  );
}
