import type { EventTemplate } from 'nostr-tools/core';
import type { DecryptedEvent } from '../../src/nostr/nip90/format.ts';
import { keyPair } from './events.ts';

/** The parties of the tests' jobs, by name. */
export const CUSTOMER = keyPair(1).pubkey;
export const PROVIDER = keyPair(2).pubkey;
export const RIVAL = keyPair(3).pubkey;
export const STRANGER = keyPair(4).pubkey;

/** The current time in the tests, epoch seconds. */
export const NOW = 1_800_000_000;

let serial = 0;

/** Returns an event as it is after verification, with an id of its own; it has no signature, for tests below the relays. */
export function unsigned(pubkey: string, template: Partial<EventTemplate>): DecryptedEvent & { sig: string } {
  serial += 1;
  const id = serial.toString(16).padStart(64, '0');
  return { id, pubkey, sig: '', kind: 1, created_at: NOW, tags: [], content: '', ...template };
}

/** Returns a request by the customer; it names the given providers. */
export function requestFor(providers: readonly string[] = [], template: Partial<EventTemplate> = {}) {
  const tags = [...providers.map((key) => ['p', key]), ...(template.tags ?? [])];
  return unsigned(CUSTOMER, { kind: 5100, content: 'work', ...template, tags });
}

/** Returns feedback, `at` seconds after the tests' current time. */
export function feedback(
  pubkey: string,
  requestId: string,
  status: string | readonly string[],
  options: { at?: number; progress?: number | string; eta?: number; content?: string } = {},
) {
  const { at = 0, progress, eta, content = '' } = options;
  const tags = [
    ['e', requestId],
    ['p', CUSTOMER],
    ['status', ...[status].flat()],
  ];
  if (progress !== undefined) tags.push(['progress', String(progress)]);
  if (eta !== undefined) tags.push(['eta', String(eta)]);
  return unsigned(pubkey, { kind: 7000, created_at: NOW + at, tags, content });
}

export function result(pubkey: string, requestId: string, content: string, at = 0) {
  const tags = [
    ['e', requestId],
    ['p', CUSTOMER],
  ];
  return unsigned(pubkey, { kind: 6100, created_at: NOW + at, tags, content });
}

export function cancellation(pubkey: string, requestId: string, at = 0) {
  return unsigned(pubkey, { kind: 5, created_at: NOW + at, tags: [['e', requestId]] });
}
