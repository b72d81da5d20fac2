import type { Event, EventTemplate } from 'nostr-tools/core';
import { readJson } from '../model/json.ts';
import type { DecryptedEvent } from './nip90/format.ts';
import type { Signer } from './signer.ts';
import { type Tags, tagNamed, tagsNamed } from './tags.ts';

/** NIP-04: base64 with an initialisation vector. NIP-44: base64 whose first byte is the version, 2. */
const NIP_04 = /^[A-Za-z0-9+/]+={0,2}\?iv=[A-Za-z0-9+/]+={0,2}$/u;
const NIP_44 = /^A[g-v][A-Za-z0-9+/]{128,}={0,2}$/u;

/** Tells whether the content is encrypted: its tags say so, or it looks like it, as not all of them do. */
export function isEncrypted({ tags, content }: Pick<Event, 'tags' | 'content'>): boolean {
  return content !== '' && (tagNamed(tags, 'encrypted') !== undefined || cipherOf(content) !== null);
}

/** Decrypts an event's content with our key; if that is not the right one, the event comes back unreadable. Never rejects. */
export async function decryptEvent(event: Event, signer: Signer): Promise<DecryptedEvent> {
  const copy = copyFor(signer.pubkey, event.content);
  if (copy !== null) {
    const text = await signer.nip44.decrypt(event.pubkey, copy).catch(() => null);
    return text === null ? markUnreadable(event) : unfold(event, text);
  }
  const cipher = cipherOf(event.content);
  for (const partner of cipher ? partnersOf(event, signer.pubkey) : []) {
    const text = await signer[cipher as 'nip04' | 'nip44'].decrypt(partner, event.content).catch(() => null);
    if (text !== null) return unfold(event, text);
  }
  return markUnreadable(event);
}

/**
 * Encrypts for several readers and nobody else. NIP-44 is between two keys, so each reader gets a copy, in a JSON
 * object by public key. The tags that say something go into it; those that relays index stay open.
 */
export async function encryptForReaders(
  template: EventTemplate,
  readers: readonly string[],
  signer: Signer,
): Promise<EventTemplate> {
  const open = template.tags.filter(([name = '']) => OPEN_TAGS.has(name));
  const hidden = template.tags.filter(([name = '']) => !OPEN_TAGS.has(name));
  const text = JSON.stringify([...hidden, ['content', template.content]]);
  const copies = await Promise.all(
    readers.map(async (reader) => [reader, await signer.nip44.encrypt(reader, text)]),
  );
  return { ...template, tags: [...open, ['encrypted']], content: JSON.stringify(Object.fromEntries(copies)) };
}

/** By these relays find what belongs together. */
const OPEN_TAGS = new Set(['e', 'p', 'k', 'request', 'expiration']);

/** Returns a reader's own copy, if there is one for each of several; null for any other content. */
function copyFor(pubkey: string, content: string): string | null {
  if (!content.startsWith('{')) return null;
  const copy = (readJson(content) as Readonly<Record<string, unknown>> | undefined)?.[pubkey];
  return typeof copy === 'string' ? copy : null;
}

export function markUnreadable(event: Event): DecryptedEvent {
  return { ...event, isUnreadable: true };
}

function cipherOf(content: string): 'nip04' | 'nip44' | null {
  if (NIP_04.test(content)) return 'nip04';
  return NIP_44.test(content) ? 'nip44' : null;
}

/**
 * Returns the keys that the content may be encrypted with besides ours: the author's, or, for our own events, those it
 * names.
 */
function partnersOf({ pubkey, tags }: Event, ownPubkey: string): string[] {
  if (pubkey !== ownPubkey) return [pubkey];
  return tagsNamed(tags, 'p')
    .flatMap(([, key]) => (key === undefined ? [] : [key]))
    .slice(0, 5);
}

/** Returns what was encrypted: the text, or, as NIP-90 asks, the real tags as a JSON array. */
function unfold(event: Event, text: string): DecryptedEvent {
  const tags = readTags(text);
  if (!tags) return { ...event, content: text };
  return { ...event, tags: [...event.tags, ...tags], content: tagNamed(tags, 'content')?.[1] ?? '' };
}

function readTags(text: string): string[][] | null {
  if (!text.trimStart().startsWith('[')) return null;
  const json = readJson(text);
  const isListOfLists = Array.isArray(json) && json.length > 0 && json.every(Array.isArray);
  if (!isListOfLists) return null;
  return (json as Tags).map((tag) => tag.filter((cell) => typeof cell === 'string'));
}
