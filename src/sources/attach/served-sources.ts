import type { SourceEvent } from '../../model/event.ts';
import { type AttachedSource, SOURCE_LIMIT } from './source-line.ts';

/** The server's own sources, reported as our peers; if they exceed the limit, only the first. */
export interface ServedSources {
  replace(sources: readonly AttachedSource[]): void;
  put(source: AttachedSource): void;
  remove(id: string): void;
  /** The connection is lost: their state is no longer known. */
  lose(): void;
}

export function createServedSources(push: (event: SourceEvent) => void): ServedSources {
  const known = new Map<string, AttachedSource>();

  function tell(): void {
    push({ type: 'health', peers: [...known.values()].map(({ peer }) => peer) });
  }

  return {
    replace(sources) {
      known.clear();
      for (const source of sources) known.set(source.id, source);
      tell();
    },
    put(source) {
      if (known.size >= SOURCE_LIMIT && !known.has(source.id)) return;
      known.set(source.id, source);
      tell();
    },
    remove(id) {
      if (known.delete(id)) tell();
    },
    lose() {
      for (const [id, { peer, ...source }] of known)
        known.set(id, { ...source, peer: { ...peer, status: 'connecting', problem: null } });
      if (known.size > 0) tell();
    },
  };
}
