import type { Event } from 'nostr-tools/core';
import type { Signer } from './signer.ts';

/** What a provider is asked to do: a NIP-90 job request, read. */
export interface JobRequest {
  readonly id: string;
  readonly kind: number;
  /** The requester's public key, hex. */
  readonly requester: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly content: string;
  readonly inputs: readonly JobInput[];
  /** `param` tags by name; the last one of a name counts. */
  readonly params: Readonly<Record<string, string>>;
  /** The keys asked to do it; empty: anyone. */
  readonly providers: readonly string[];
  /** Ids of the jobs whose results it needs. */
  readonly dependencies: readonly string[];
  /** How long the work may take, ms. */
  readonly timeoutMs: number | null;
  /** Lower numbers come first. */
  readonly priority: number | null;
  /** Was it sent encrypted? Then the answers are too (NIP-44). */
  readonly encrypted: boolean;
  /** The request that this one repeats. */
  readonly retryOf: string | null;
  readonly event: Event;
}

/** An `i` tag: a value and what kind of value it is (text, url, event, job). */
export interface JobInput {
  readonly value: string;
  readonly type: string;
}

/** Reads a request, and decrypts it with `signer`. Null where it can't be decrypted: it is not for us, or damaged. */
export async function readJobRequest(event: Event, signer: Signer): Promise<JobRequest | null> {
  const encrypted = event.tags.some(([name]) => name === 'encrypted');
  if (!encrypted) return readTags(event, event.tags, event.content, false);
  const hidden = await decrypt(event, signer);
  if (hidden === null) return null;
  const tags = asTags(hidden);
  return readTags(event, [...event.tags, ...(tags ?? [])], tags ? '' : hidden, true);
}

function readTags(event: Event, tags: readonly string[][], content: string, encrypted: boolean): JobRequest {
  const values = (name: string) =>
    tags.filter((tag) => tag[0] === name && tag[1]).map((tag) => tag[1] as string);
  const inputs = tags
    .filter((tag) => tag[0] === 'i')
    .map((tag) => ({ value: tag[1] ?? '', type: tag[2] || 'text' }));
  const params = Object.fromEntries(
    tags.filter((tag) => tag[0] === 'param').map((tag) => [tag[1] ?? '', tag[2] ?? '']),
  );
  const timeoutSeconds = positive(values('timeout').at(-1) ?? params.timeout);
  return {
    id: event.id,
    kind: event.kind,
    requester: event.pubkey,
    createdAt: event.created_at * 1000,
    content,
    inputs,
    params,
    providers: values('p'),
    dependencies: [
      ...new Set([
        ...inputs.filter((input) => input.type === 'job').map((input) => input.value),
        ...tags.filter((tag) => tag[0] === 'e' && tag.includes('dependency', 2)).map((tag) => tag[1] ?? ''),
      ]),
    ],
    timeoutMs: timeoutSeconds === null ? null : timeoutSeconds * 1000,
    priority: finite(values('priority').at(-1) ?? params.priority),
    encrypted,
    retryOf: values('retry').at(-1) ?? null,
    event,
  };
}

/** NIP-44, which taskglass writes, or NIP-04, which older programs do. */
async function decrypt({ pubkey, content }: Event, signer: Signer): Promise<string | null> {
  const cipher = content.includes('?iv=') ? signer.nip04 : signer.nip44;
  return cipher.decrypt(pubkey, content).catch(() => null);
}

/** The real tags of an encrypted request: a JSON array in its content. */
function asTags(text: string): string[][] | null {
  try {
    const raw: unknown = JSON.parse(text);
    if (!Array.isArray(raw)) return null;
    return raw.filter((tag) => Array.isArray(tag) && tag.every((cell) => typeof cell === 'string'));
  } catch {
    return null;
  }
}

function finite(text: string | undefined): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function positive(text: string | undefined): number | null {
  const value = finite(text);
  return value !== null && value > 0 ? value : null;
}
