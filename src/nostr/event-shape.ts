import type { Event } from 'nostr-tools/core';

const HEX_32_BYTES = /^[0-9a-f]{64}$/u;
const HEX_64_BYTES = /^[0-9a-f]{128}$/u;
const HIGHEST_KIND = 65_535;

/** Tells whether a value is an id or public key: 32 bytes in lower-case hex. */
export function isHexId(raw: string): boolean;
export function isHexId(raw: unknown): raw is string;
export function isHexId(raw: unknown): boolean {
  return typeof raw === 'string' && HEX_32_BYTES.test(raw);
}

/**
 * Returns an event of the shape that NIP-01 defines, or null. To be called before the event is verified, because the verifier
 * itself accepts upper-case ids and kinds that are strings.
 */
export function readEvent(raw: unknown): Event | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { id, pubkey, sig, kind, created_at, content, tags } = raw as Partial<Record<keyof Event, unknown>>;
  if (!isHexId(id) || !isHexId(pubkey)) return null;
  if (typeof sig !== 'string' || !HEX_64_BYTES.test(sig)) return null;
  if (!isWhole(kind) || kind < 0 || kind > HIGHEST_KIND) return null;
  if (!isWhole(created_at) || typeof content !== 'string' || !isTags(tags)) return null;
  return { id, pubkey, sig, kind, created_at, content, tags };
}

function isWhole(raw: unknown): raw is number {
  return Number.isSafeInteger(raw);
}

function isTags(raw: unknown): raw is string[][] {
  return Array.isArray(raw) && raw.every((tag) => Array.isArray(tag) && tag.every(isString));
}

function isString(raw: unknown): raw is string {
  return typeof raw === 'string';
}
