import type { Clock } from '../../clock.ts';
import { createEventQueue } from '../../io/queue.ts';
import type { SourceEvent } from '../../model/event.ts';
import type { SourceId } from '../../model/id.ts';
import { shownUrl } from '../../model/shown-url.ts';
import type { RelayTimes } from '../../nostr/relay/relay-client.ts';
import { createRelays } from '../../nostr/relays.ts';
import type { Signer } from '../../nostr/signer.ts';
import { createVerifier } from '../../nostr/verify.ts';
import type { Source } from '../kit/source.ts';
import { type CommandSession, createCommands } from './commands.ts';
import { openJobs } from './jobs/open-jobs.ts';

/**
 * Creates the source of NIP-90 jobs on Nostr relays: without `pubkeys`, every job on which a provider has reported; with them,
 * the jobs of these keys (64 hex digits), as requester or provider. `signer` is needed to cancel and retry, to log in if relays
 * ask for it, and to read what is encrypted.
 */
export function createNostrSource(options: {
  id: SourceId;
  urls: readonly string[];
  pubkeys?: readonly string[];
  clock: Clock;
  signer?: Signer;
  times?: Partial<RelayTimes>;
}): Source {
  const { id, urls, clock, signer } = options;
  let session: CommandSession | null = null;

  async function* events({ signal }: { signal: AbortSignal }): AsyncGenerator<SourceEvent> {
    const queue = createEventQueue<SourceEvent>(signal);
    const verifier = createVerifier({ clock });
    const relays = createRelays({
      urls,
      clock,
      verifier,
      ...(signer && { signer }),
      ...(options.times && { times: options.times }),
    });
    const jobs = openJobs({
      source: id,
      interest: { pubkeys: new Set(options.pubkeys), signerPubkey: signer?.pubkey ?? null },
      signer,
      relays,
      clock,
      tell: queue.push,
    });
    session = { relays, find: jobs.find };
    try {
      yield* queue;
    } finally {
      session = null;
      jobs.close();
      await Promise.all([relays.close(), verifier.close()]);
    }
  }

  return {
    id,
    kind: 'nostr',
    location: urls.map(shownUrl).join(' '),
    events,
    commands: createCommands({ clock, signer, session: () => session }),
  };
}
