import { shownAddress } from '../../model/shown-url.ts';
import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createAttachedSource as createAttachedSourceNow } from './source.ts';

/** Shows what another taskglass serves, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createAttachedSource(options: Parameters<typeof createAttachedSourceNow>[0]): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'attach',
      location: shownAddress(options.url),
      commands: ['cancel', 'retry', 'setStatus', 'answer'],
      hasLog: true,
    },
    async () => (await import('./source.ts')).createAttachedSource(options),
  );
}
