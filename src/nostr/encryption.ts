import type { Event, EventTemplate } from 'nostr-tools/core';
import { readJson } from '../model/json.ts';
import type { DecryptedEvent } from './nip90/format.ts';
import type { Signer } from './signer.ts';
import { type Tags, tagNamed, tagsNamed } from './tags.ts';

/** NIP-04: base64 with an initialisation vector. NIP-44: base64 whose first byte is the version, 2. */
const NIP_04 = /^[A-Za-z0-9+/]+={0,2}\?iv=[A-Za-z0-9+/]+={0,2}$/u;
const NIP_44 = /^A[g-v][A-Za-z0-9+/]{128,}={0,2}$/u;

/** Tells whether an event's content is encrypted: a tag says so, or, because not all programs set it, it looks encrypted. */
export function isEncrypted({ tags, content }: Pick<Event, 'tags' | 'content'>): boolean {
  return content !== '' && (tagNamed(tags, 'encrypted') !== undefined || cipherOf(content) !== null);
}

/** Decrypts an event's content with our key; marks the event as unreadable if that is not the right one. Never rejects. */
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
 * Encrypts an event for several readers. NIP-44 works between two keys, so each reader gets a copy, in a JSON object by public
 * key. Tags are encrypted too, except for those that relays index.
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

/** The tags by which relays find related events. */
const OPEN_TAGS = new Set(['e', 'p', 'k', 'request', 'expiration']);

/** Returns a reader's own copy from content for several readers; null for any other content. */
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
 * Returns the keys with which, besides ours, the content may be encrypted: the author's, or, for our own events, those that
 * it names.
 */
function partnersOf({ pubkey, tags }: Event, ownPubkey: string): string[] {
  if (pubkey !== ownPubkey) return [pubkey];
  return tagsNamed(tags, 'p')
    .flatMap(([, key]) => (key === undefined ? [] : [key]))
    .slice(0, 5);
}

/** Puts the decrypted text into an event: as its content, or, as in NIP-90, a JSON array of its actual tags. */
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
