import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import { createMaestroClient } from './maestro-client.ts';
import type { createMaestroDirectorySource as createMaestroDirectorySourceNow } from './maestro-directory.ts';
import type { createMaestroServerSource as createSource } from './maestro-server.ts';
import type { createBoardSource as createBoardSourceNow } from './source.ts';

/** Shows a Maestro server's tasks, as `maestro-server.ts` does; the modules for that are loaded once the source is read. */
export function createMaestroServerSource(options: Parameters<typeof createSource>[0]): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'sessions',
      location: createMaestroClient(options).where,
      commands: ['cancel', 'retry', 'setStatus', 'answer'],
    },
    async () => (await import('./maestro-server.ts')).createMaestroServerSource(options),
  );
}

/**
 * Shows a Maestro data directory's tasks, as `maestro-directory.ts` does; the modules for that are loaded once the source is
 * read.
 */
export function createMaestroDirectorySource(
  options: Parameters<typeof createMaestroDirectorySourceNow>[0],
): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'sessions',
      location: options.directory,
      commands: ['cancel', 'retry', 'setStatus', 'answer'],
    },
    async () => (await import('./maestro-directory.ts')).createMaestroDirectorySource(options),
  );
}

/** Shows a board's tasks, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createBoardSource(options: Parameters<typeof createBoardSourceNow>[0]): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'sessions',
      location: options.path,
      commands: ['cancel', 'retry', 'setStatus', 'answer'],
    },
    async () => (await import('./source.ts')).createBoardSource(options),
  );
}
