import { sourceId } from '../../../src/model/id.ts';
import { createSigner } from '../../../src/nostr/signer.ts';
import { createRelay } from '../../../src/relay/create-relay.ts';
import { createNostrSource } from '../../../src/sources/nostr/source.ts';
import { keyPair, signed } from '../../helpers/events.ts';
import { openGate } from '../../helpers/gate.ts';
import { hurriedClock } from '../../helpers/hurried-clock.ts';
import { publishTo } from '../../helpers/relay-client.ts';
import { describeSourceContract, type WorldStatus } from '../source-contract.ts';

const customer = keyPair(1);
const provider = keyPair(2);

const WORDS: Record<WorldStatus, string | null> = {
  queued: null,
  running: 'processing',
  completed: 'success',
  failed: 'error',
};

/** A real relay behind a door that can be shut; customer and provider are two keys that publish to it. */
describeSourceContract('the nostr source', async () => {
  const relay = await createRelay({ clock: hurriedClock });
  const gate = await openGate(relay.port);
  const url = `ws://127.0.0.1:${gate.port}`;
  const now = () => Math.floor(Date.now() / 1000);

  async function report(requestId: string, status: WorldStatus): Promise<void> {
    const word = WORDS[status];
    if (word === null) return;
    const tags = [
      ['e', requestId],
      ['p', customer.pubkey],
      ['status', word],
    ];
    await publishTo(relay.url, [signed(provider.secretKey, { kind: 7000, created_at: now(), tags })]);
  }

  return {
    source: createNostrSource({
      id: sourceId('nostr'),
      urls: [url],
      pubkeys: [customer.pubkey],
      clock: hurriedClock,
      signer: createSigner(customer.secretKey),
    }),
    async add({ name, status }) {
      const tags = [['p', provider.pubkey]];
      const request = signed(customer.secretKey, { kind: 5100, created_at: now(), content: name, tags });
      await publishTo(relay.url, [request]);
      await report(request.id, status);
      return request.id;
    },
    change: report,
    breakDown: () => gate.shut(),
    mend: () => gate.unlock(),
    // The request's own cancellation, or its repetition, is all that it takes: the relay hands it to every listener.
    obey: async () => {},
    openResources: () => gate.open,
    async close() {
      await gate[Symbol.asyncDispose]();
      await relay.close();
    },
  };
});
