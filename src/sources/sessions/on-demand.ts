import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import { createMaestroClient } from './maestro-client.ts';
import type { createMaestroServerSource as createSource } from './maestro-server.ts';

/** Shows a Maestro server's tasks, as `maestro-server.ts` does; what that needs is loaded once the source is read. */
export function createMaestroServerSource(options: Parameters<typeof createSource>[0]): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'sessions',
      location: createMaestroClient(options).where,
      commands: ['cancel', 'retry', 'setStatus'],
    },
    async () => (await import('./maestro-server.ts')).createMaestroServerSource(options),
  );
}
