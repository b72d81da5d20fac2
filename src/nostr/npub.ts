import { decode, npubEncode } from 'nostr-tools/nip19';
import { type PlainText, plainName, words } from '../model/text.ts';
import { isHexId } from './event-shape.ts';

/** Reads a public key from 64 hex digits or `npub1…` (NIP-19); null for anything else. */
export function readPubkey(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  if (isHexId(trimmed)) return trimmed;
  try {
    const decoded = decode(trimmed);
    return decoded.type === 'npub' ? decoded.data : null;
  } catch {
    return null;
  }
}

const MOST_REMEMBERED = 10_000;
const shortNpubs = new Map<string, PlainText>();

/** Returns a public key in the form that people know, shortened in the middle: `npub10xlxvl…fq6y2a`. */
export function shortNpub(pubkey: string): PlainText {
  const known = shortNpubs.get(pubkey);
  if (known) return known;
  const npub = plainName(npubEncode(pubkey));
  const short = words`${npub.slice(0, 12)}…${npub.slice(-6)}`;
  if (shortNpubs.size >= MOST_REMEMBERED) shortNpubs.clear();
  shortNpubs.set(pubkey, short);
  return short;
}
