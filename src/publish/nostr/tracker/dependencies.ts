import type { VerifiedEvent } from 'nostr-tools/core';
import { DELETION_KIND, isResultKind } from '../../../nostr/nip90/format.ts';
import type { Relays } from '../../../nostr/relays.ts';
import { tagsNamed } from '../../../nostr/tags.ts';
import type { JobRequest } from './request.ts';

/** How the wait for other jobs' results ended. */
export type DependenciesEnd = 'ready' | 'withdrawn' | 'aborted';

/**
 * Resolves when each job on which `request` depends has a result (from any provider: the requester decides which to name), when
 * the requester has withdrawn one of them, or when `signal` aborts. A failed job may still be done by another provider, so the
 * wait goes on.
 */
export function awaitDependencies(
  request: JobRequest,
  pools: readonly Relays[],
  signal: AbortSignal,
): Promise<DependenciesEnd> {
  const missing = new Set(request.dependencies);
  return new Promise((resolve) => {
    const finish = (end: DependenciesEnd) => {
      for (const unsubscribe of subscriptions) unsubscribe();
      signal.removeEventListener('abort', aborted);
      resolve(end);
    };
    const aborted = () => finish('aborted');

    function heard(event: VerifiedEvent): void {
      const named = tagsNamed(event.tags, 'e').map(([, id = '']) => id);
      if (event.kind === DELETION_KIND && event.pubkey === request.requester) {
        if (named.some((id) => missing.has(id))) finish('withdrawn');
      } else if (isResultKind(event.kind)) {
        for (const id of named) missing.delete(id);
        if (missing.size === 0) finish('ready');
      }
    }

    const subscriptions = pools.map((pool) =>
      pool.subscribe([{ '#e': [...missing] }], { event: heard, caughtUp() {} }),
    );
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    else if (missing.size === 0) finish('ready');
  });
}
