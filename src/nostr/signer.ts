import type { EventTemplate, VerifiedEvent } from 'nostr-tools/core';
import * as nip04 from 'nostr-tools/nip04';
import * as nip44 from 'nostr-tools/nip44';
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure';

/** Signs and decrypts with a key that never leaves it. Asynchronous, so that a remote signer can implement it. */
export interface Signer {
  /** The public key, 64 hex digits. */
  readonly pubkey: string;
  sign(template: EventTemplate): Promise<VerifiedEvent>;
  readonly nip44: Cipher;
  readonly nip04: Cipher;
}

/** Encryption between the signer's key and another. `decrypt` rejects if the text is not for us, or is damaged. */
export interface Cipher {
  encrypt(pubkey: string, text: string): Promise<string>;
  decrypt(pubkey: string, ciphertext: string): Promise<string>;
}

const REMEMBERED_PARTNERS = 1_000;

/** Creates a signer for a secret key of 32 bytes, which it keeps in memory and never shows. */
export function createSigner(secretKey: Uint8Array): Signer {
  const conversationKeys = new Map<string, Uint8Array>();

  /** Cached, because it takes milliseconds to compute and never changes. */
  function conversationKey(pubkey: string): Uint8Array {
    const key = conversationKeys.get(pubkey) ?? nip44.getConversationKey(secretKey, pubkey);
    if (conversationKeys.size >= REMEMBERED_PARTNERS) conversationKeys.clear();
    conversationKeys.set(pubkey, key);
    return key;
  }

  return {
    pubkey: getPublicKey(secretKey),
    sign: async (template) => finalizeEvent({ ...template }, secretKey),
    nip44: {
      encrypt: async (pubkey, text) => nip44.encrypt(text, conversationKey(pubkey)),
      decrypt: async (pubkey, ciphertext) => nip44.decrypt(ciphertext, conversationKey(pubkey)),
    },
    nip04: {
      encrypt: async (pubkey, text) => nip04.encrypt(secretKey, pubkey, text),
      decrypt: async (pubkey, ciphertext) => nip04.decrypt(secretKey, pubkey, ciphertext),
    },
  };
}
