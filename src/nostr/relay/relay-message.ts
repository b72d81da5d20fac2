import type { Event } from 'nostr-tools/core';
import { readJson } from '../../model/json.ts';
import { type PlainText, plainName } from '../../model/text.ts';
import { readEvent } from '../event-shape.ts';

/** A message from a relay (NIP-01, NIP-42). */
export type RelayMessage =
  | { readonly type: 'event'; readonly subscriptionId: string; readonly event: Event }
  /** The stored events of a subscription were sent (EOSE); `hints` tell whether there are more (NIP-67). */
  | { readonly type: 'stored'; readonly subscriptionId: string; readonly hints: readonly string[] }
  | { readonly type: 'closed'; readonly subscriptionId: string; readonly reason: PlainText }
  /** The answer to a published event or to a login (OK). */
  | { readonly type: 'answer'; readonly id: string; readonly accepted: boolean; readonly reason: PlainText }
  | { readonly type: 'challenge'; readonly challenge: string }
  | { readonly type: 'notice'; readonly text: PlainText }
  /** A well-formed message of another type. */
  | { readonly type: 'other' }
  | { readonly type: 'malformed' };

const MALFORMED: RelayMessage = { type: 'malformed' };

/** Reads one frame from a relay; anything that is not a relay message is `malformed`. Never throws. */
export function readRelayMessage(frame: string): RelayMessage {
  const message = readJson(frame);
  if (!Array.isArray(message) || typeof message[0] !== 'string') return MALFORMED;
  const [type, first, second, third] = message as unknown[];
  switch (type) {
    case 'EVENT':
      return readArrival(first, second);
    case 'EOSE':
      return typeof first === 'string'
        ? { type: 'stored', subscriptionId: first, hints: readHints(second) }
        : MALFORMED;
    case 'CLOSED':
      return typeof first === 'string'
        ? { type: 'closed', subscriptionId: first, reason: plainWords(second) }
        : MALFORMED;
    case 'OK':
      return typeof first === 'string'
        ? { type: 'answer', id: first, accepted: second === true, reason: plainWords(third) }
        : MALFORMED;
    case 'AUTH':
      return typeof first === 'string' ? { type: 'challenge', challenge: first } : MALFORMED;
    case 'NOTICE':
      return { type: 'notice', text: plainWords(first) };
    default:
      return { type: 'other' };
  }
}

function readArrival(subscriptionId: unknown, raw: unknown): RelayMessage {
  const event = readEvent(raw);
  return typeof subscriptionId === 'string' && event ? { type: 'event', subscriptionId, event } : MALFORMED;
}

function readHints(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.filter((hint) => typeof hint === 'string') : [];
}

/** Returns a relay's words, cut to fit on one line. */
function plainWords(raw: unknown): PlainText {
  return plainName(typeof raw === 'string' ? raw.slice(0, 200) : '');
}
