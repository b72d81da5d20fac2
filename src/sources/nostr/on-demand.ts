import { shownUrl } from '../../model/shown-url.ts';
import { createSourceOnDemand } from '../kit/on-demand.ts';
import type { Source } from '../kit/source.ts';
import type { createNostrSource as createSource } from './source.ts';

/** Reads jobs from relays, as `source.ts` does; the modules for that are loaded once the source is read. */
export function createNostrSource(options: Parameters<typeof createSource>[0]): Source {
  const { id, urls } = options;
  return createSourceOnDemand(
    { id, kind: 'nostr', location: urls.map(shownUrl).join(' '), commands: ['cancel', 'retry'] },
    async () => (await import('./source.ts')).createNostrSource(options),
  );
}
