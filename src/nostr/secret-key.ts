import { decode } from 'nostr-tools/nip19';
import { getPublicKey } from 'nostr-tools/pure';
import { isHexId } from './event-shape.ts';

/** Reads the 32 bytes of a secret key written as `nsec1…` (NIP-19) or 64 hex digits; null if the text is not one. */
export function readSecretKey(text: string): Uint8Array | null {
  const key = readBytes(text.trim().toLowerCase());
  return key && isOnCurve(key) ? key : null;
}

function readBytes(text: string): Uint8Array | null {
  if (isHexId(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  try {
    const decoded = decode(text);
    return decoded.type === 'nsec' ? decoded.data : null;
  } catch {
    // The library's message repeats its input, which may be a secret, so it must not get any further.
    return null;
  }
}

/** Tells whether a number is a valid key: zero, and numbers from the curve's order on, are not. */
function isOnCurve(key: Uint8Array): boolean {
  try {
    return getPublicKey(key) !== '';
  } catch {
    return false;
  }
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/**
 * Reads the work factor of an encrypted key (NIP-49): scrypt runs 2^n rounds and needs as many KiB. The input determines it,
 * and decrypting accepts any value, so check it first. Null if the text is not an `ncryptsec1…`.
 */
export function readLogN(ncryptsec: string): number | null {
  if (!/^ncryptsec1[02-9ac-hj-np-z]{100,500}$/u.test(ncryptsec)) return null;
  const [, second = 0, third = 0, fourth = 0] = [...ncryptsec.slice('ncryptsec1'.length)].map((character) =>
    BECH32.indexOf(character),
  );
  return ((second & 3) << 6) | (third << 1) | (fourth >> 4);
}
