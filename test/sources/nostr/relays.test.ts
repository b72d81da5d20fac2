import type { VerifiedEvent } from 'nostr-tools/core';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createRelays } from '../../../src/sources/nostr/relays.ts';
import { createVerifier } from '../../../src/sources/nostr/verify.ts';
import { keyPair, signed } from '../../helpers/events.ts';
import { startStubRelay } from '../../helpers/stub-relay.ts';

describe('relays', () => {
  it('hands on an event of two relays once', async () => {
    await using one = await startStubRelay();
    await using two = await startStubRelay();
    const verifier = createVerifier({ clock: systemClock });
    const relays = createRelays({ urls: [one.url, two.url], clock: systemClock, verifier });
    const events: VerifiedEvent[] = [];
    const caughtUp: string[] = [];
    relays.subscribe([{ kinds: [1] }], {
      event: (e) => events.push(e),
      caughtUp: (from) => caughtUp.push(from),
    });
    await vi.waitFor(() => expect(caughtUp.toSorted()).toEqual([one.url, two.url].toSorted()));
    const event = signed(keyPair(1).secretKey, { content: 'hello' });
    one.say(['EVENT', 't1', event]);
    two.say(['EVENT', 't1', event]);
    await vi.waitFor(() => expect(events).toMatchObject([{ id: event.id }]));
    await relays.close();
    await verifier.close();
  });
});
