import { shownAddress } from '../../model/shown-url.ts';
import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createAguiSource as createAguiSourceNow } from './source.ts';

/** Shows an agent's runs, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createAguiSource(options: Parameters<typeof createAguiSourceNow>[0]): Source {
  return createSourceOnDemand(
    {
      id: options.id,
      kind: 'agui',
      location: shownAddress(options.url),
      commands: ['cancel', 'retry', 'answer'],
    },
    async () => (await import('./source.ts')).createAguiSource(options),
  );
}
