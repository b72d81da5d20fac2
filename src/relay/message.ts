import { readJson } from '../model/json.ts';
import { errorMessage } from '../model/problem.ts';
import { LIMITS } from './limits.ts';
import {
  createOutgoingClosedMessage,
  createOutgoingNoticeMessage,
  createOutgoingOkMessage,
  type Filter,
  type IncomingMessage,
  MessageType,
  type OutgoingMessage,
  Validator,
} from './nostr-relay.ts';

/** A client's frame: a message to be handled, or the answer to one that is malformed. */
export type Frame =
  /** A request for the number of matching events (NIP-45). */
  | { readonly kind: 'count'; readonly id: string; readonly filters: readonly Filter[] }
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  | { readonly kind: 'answer'; readonly answer: OutgoingMessage };

const validator = new Validator({
  maxTagValueLength: LIMITS.tagValueChars,
  maxNumberOfTags: LIMITS.tags,
  maxContentLength: LIMITS.eventBytes,
  maxSubscriptionIdLength: LIMITS.subscriptionIdChars,
  maxFilterIdsLength: LIMITS.valuesPerFilter,
  maxFilterAuthorsLength: LIMITS.valuesPerFilter,
  maxFilterKindsLength: LIMITS.valuesPerFilter,
  maxFilterGenericTagsLength: LIMITS.valuesPerFilter,
});

/**
 * Reads a frame. The library answers every malformed frame with a NOTICE, which a client cannot relate to what it sent. Here,
 * a bad event is answered with `OK` and a bad request with `CLOSED`, if the frame still shows which one it was.
 */
export async function readFrame(text: string): Promise<Frame> {
  const raw = readJson(text);
  if (raw === undefined) return answer(createOutgoingNoticeMessage('invalid: not JSON'));
  const isCount = Array.isArray(raw) && raw[0] === 'COUNT';
  try {
    // The library does not know COUNT, but it has the same form as REQ.
    const known = isCount ? [MessageType.REQ, ...raw.slice(1)] : raw;
    const message = await validator.validateIncomingMessage(known as object);
    if (message[0] !== MessageType.REQ) return { kind: 'message', message };
    const complaint = complaintAboutFilters(raw as unknown[]);
    if (complaint !== null) return answer(complain(raw, complaint));
    const [, id, ...filters] = message;
    return isCount ? { kind: 'count', id, filters } : { kind: 'message', message };
  } catch (error) {
    return answer(complain(raw, prefixed(error)));
  }
}

/**
 * Returns what is wrong with filters that the validator accepts: it drops unknown keys, which makes a filter match more than
 * was requested.
 */
function complaintAboutFilters([, , ...filters]: readonly unknown[]): string | null {
  if (filters.length > LIMITS.filtersPerRequest)
    return `invalid: at most ${LIMITS.filtersPerRequest} filters a request`;
  for (const filter of filters as object[]) {
    const keys = Object.keys(filter);
    const unknown = keys.find((key) => !FILTER_KEY.test(key));
    if (unknown !== undefined) return `unsupported: filter key ${unknown.slice(0, 20)}`;
    if (keys.filter((key) => key.startsWith('#')).length > LIMITS.tagFiltersPerFilter)
      return `invalid: at most ${LIMITS.tagFiltersPerFilter} tags a filter`;
  }
  return null;
}

const FILTER_KEY = /^(ids|authors|kinds|since|until|limit|search|#[A-Za-z])$/;

function complain(raw: unknown, reason: string): OutgoingMessage {
  const [verb, subject] = Array.isArray(raw) ? (raw as unknown[]) : [];
  const id = verb === 'EVENT' ? idOf(subject) : null;
  if (id !== null) return createOutgoingOkMessage(id, false, reason);
  const wantsClosed = (verb === 'REQ' || verb === 'COUNT') && typeof subject === 'string' && subject !== '';
  if (wantsClosed && subject.length <= LIMITS.subscriptionIdChars)
    return createOutgoingClosedMessage(subject, reason);
  return createOutgoingNoticeMessage(reason);
}

function idOf(event: unknown): string | null {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : null;
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) ? id : null;
}

/** Returns the validator's message with our prefix, without line breaks. */
function prefixed(error: unknown): string {
  const words = errorMessage(error);
  return `invalid: ${words.replace(/^invalid\s*:?\s*/i, '').replace(/\s+/g, ' ')}`.slice(0, 300);
}

function answer(message: OutgoingMessage): Frame {
  return { kind: 'answer', answer: message };
}
