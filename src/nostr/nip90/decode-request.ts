import type { Event } from 'nostr-tools/core';
import { getEventHash } from 'nostr-tools/pure';
import { readJson } from '../../model/json.ts';
import { type PlainText, plainNameOrNull, words } from '../../model/text.ts';
import { isHexId, readEvent } from '../event-shape.ts';
import { markerOf, type Tags, tagsNamed, tagValue } from '../tags.ts';
import { readNumber, readStampMs } from './figures.ts';
import {
  type Cancellation,
  DELETION_KIND,
  type DecodedRequest,
  type DecryptedEvent,
  OWN_WORK_KIND,
  readExpiresAtMs,
} from './format.ts';

/** Decodes a request of any kind. The caller must know that it is one: its kind is 5xxx, or something refers to it. */
export function decodeRequest(event: DecryptedEvent): DecodedRequest {
  return {
    id: event.id,
    kind: event.kind,
    requester: event.pubkey,
    createdAtMs: readStampMs(event.created_at),
    name: requestName(event),
    providers: tagsNamed(event.tags, 'p').map(secondCell).filter(isHexId),
    dependencies: readDependencies(event.tags),
    priority: readPriority(tagValue(event.tags, 'priority')),
    retryOf: readRetryOf(event.tags),
    cancellers: tagsNamed(event.tags, 'allow').map(secondCell).filter(isHexId),
    host: event.kind === OWN_WORK_KIND ? readHost(event.tags) : null,
    expiresAtMs: readExpiresAtMs(event.tags),
  };
}

/** Returns the content, else the first text input, else the parameters. */
function requestName({ content, tags, kind, isUnreadable }: DecryptedEvent): PlainText {
  const input = tagsNamed(tags, 'i').find(([, , type]) => type === 'text' || type === undefined);
  const params = tagsNamed(tags, 'param').map(([, key, ...values]) => `${key}=${values.join(',')}`);
  return (
    (isUnreadable ? null : plainNameOrNull(content)) ??
    plainNameOrNull(input?.[1]) ??
    plainNameOrNull(params.join(' ')) ??
    words`kind ${kind} job`
  );
}

function readRetryOf(tags: Tags): string | null {
  const id = tagValue(tags, 'retry');
  return isHexId(id) ? id : null;
}

function readHost(tags: Tags): PlainText | null {
  return plainNameOrNull(tagsNamed(tags, 'param').find(([, key]) => key === 'host')?.[2]);
}

/** Reads the requests on which this one depends: those whose results are its inputs, and those in `e` tags. */
function readDependencies(tags: Tags): string[] {
  const inputs = tagsNamed(tags, 'i').filter(([, , type]) => type === 'job');
  const references = tagsNamed(tags, 'e').filter((tag) => {
    const marker = markerOf(tag);
    return marker === undefined || marker === 'dependency';
  });
  return [...new Set([...inputs, ...references].map(secondCell).filter(isHexId))];
}

/** Reads the priority. Lower is more urgent, as everywhere; kind 5900 has words for it. */
function readPriority(raw: string | undefined): number | null {
  return PRIORITIES.get(raw?.trim().toLowerCase() ?? '') ?? readNumber(raw);
}

const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['urgent', 0],
  ['critical', 0],
  ['high', 1],
  ['normal', 2],
  ['medium', 2],
  ['low', 3],
]);

/** Decodes a deletion (NIP-09); null for any other event, and if it names no event. */
export function decodeCancellation(event: DecryptedEvent): Cancellation | null {
  if (event.kind !== DELETION_KIND) return null;
  const requestIds = [...new Set(tagsNamed(event.tags, 'e').map(secondCell).filter(isHexId))];
  return requestIds.length === 0
    ? null
    : { author: event.pubkey, requestIds, stampMs: readStampMs(event.created_at) };
}

/**
 * Reads the request that a deletion by its own requester carries; null for any other. It is genuine: the deletion is signed
 * with the same key, and the request's id matches its content.
 */
export function readCarriedRequest(deletion: DecryptedEvent): Event | null {
  const carried = readEvent(readJson(tagValue(deletion.tags, 'request') ?? ''));
  const isTheirs = carried?.pubkey === deletion.pubkey && carried.kind !== DELETION_KIND;
  return isTheirs && getEventHash(carried) === carried.id ? carried : null;
}

function secondCell(tag: readonly string[]): string | undefined {
  return tag[1];
}
