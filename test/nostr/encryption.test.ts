import { describe, expect, it } from 'vitest';
import { decryptEvent, isEncrypted } from '../../src/nostr/encryption.ts';
import { createSigner } from '../../src/nostr/signer.ts';
import { keyPair, signed } from '../helpers/events.ts';

const customerKey = keyPair(1).secretKey;
const providerKey = keyPair(2).secretKey;
const customer = createSigner(customerKey);
const provider = createSigner(providerKey);
const stranger = createSigner(keyPair(3).secretKey);

describe.each(['nip44', 'nip04'] as const)('what is encrypted as %s says', (cipher) => {
  const encrypt = async (text: string, tags: string[][] = [['encrypted']]) =>
    signed(providerKey, {
      kind: 7000,
      tags: [['p', customer.pubkey], ...tags],
      content: await provider[cipher].encrypt(customer.pubkey, text),
    });

  it('is read by the other side, and by its author', async () => {
    const event = await encrypt('half way there');
    expect(isEncrypted(event)).toBe(true);
    for (const reader of [customer, provider]) {
      expect(await decryptEvent(event, reader)).toMatchObject({ content: 'half way there' });
    }
  });

  it('may be the real tags', async () => {
    const inside = [['status', 'processing'], ['progress', 50], ['content', 'working'], 'odd'].filter(
      Array.isArray,
    );
    const decrypted = await decryptEvent(await encrypt(JSON.stringify(inside)), customer);
    expect(decrypted.content).toBe('working');
    expect(decrypted.tags.slice(-3)).toEqual([
      ['status', 'processing'],
      ['progress'],
      ['content', 'working'],
    ]);
  });

  it('is told by its looks, where it does not say so', async () => {
    expect(isEncrypted(await encrypt('x', []))).toBe(true);
  });

  it('stays unreadable for others, and when it is damaged', async () => {
    const event = await encrypt('secret');
    expect(await decryptEvent(event, stranger)).toMatchObject({ isUnreadable: true });
    const damaged = { ...event, content: event.content.replace(/.{9}$/u, 'AAAAAAAA=') };
    expect(await decryptEvent(damaged, customer)).toMatchObject({ isUnreadable: true });
  });
});

describe('what only looks or sounds encrypted', () => {
  it.each([
    ['', [['encrypted']], false],
    ['Translate this', [], false],
    ['A'.repeat(400), [], false],
    ['[]', [['encrypted']], true],
  ])('“%s” %j', (content, tags, expected) => {
    expect(isEncrypted({ content, tags })).toBe(expected);
  });

  it('stays unreadable if no cipher wrote it', async () => {
    const event = signed(providerKey, { kind: 7000, tags: [['encrypted']], content: 'plain' });
    expect(await decryptEvent(event, customer)).toMatchObject({ isUnreadable: true });
  });
});
