import type { Event } from 'nostr-tools/core';
import { decryptEvent, isEncrypted } from '../../../nostr/encryption.ts';
import { decodeRequest } from '../../../nostr/nip90/decode-request.ts';
import type { DecodedRequest, DecryptedEvent } from '../../../nostr/nip90/format.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { tagsNamed, tagValue } from '../../../nostr/tags.ts';

/** What a provider is asked to do: a job request with everything that the work needs. */
export interface JobRequest extends Omit<DecodedRequest, 'name'> {
  readonly content: string;
  readonly inputs: readonly JobInput[];
  /** `param` tags by name; the last one with a name counts. */
  readonly params: Readonly<Record<string, string>>;
  /** How long the work may take, ms. */
  readonly timeoutMs: number | null;
  /** Whether it was sent encrypted; then the answers are too (NIP-44). Public, and in stored jobs, under this name. */
  readonly isSealed: boolean;
  /** The request as it was signed. */
  readonly event: Event;
}

/** An `i` tag: a value and its kind (text, url, event, job). */
export interface JobInput {
  readonly value: string;
  readonly type: string;
}

/** Reads a request, and decrypts it with `signer`. Null if it cannot be decrypted, because it is not for us, or damaged. */
export async function readJobRequest(event: Event, signer: Signer): Promise<JobRequest | null> {
  if (!isEncrypted(event)) return readDecrypted(event, event);
  const decrypted = await decryptEvent(event, signer);
  return decrypted.isUnreadable ? null : readDecrypted(decrypted, event);
}

function readDecrypted(decrypted: DecryptedEvent, event: Event): JobRequest {
  const { name: _, ...request } = decodeRequest(decrypted);
  const { tags, content } = decrypted;
  const params = Object.fromEntries(tagsNamed(tags, 'param').map(([, key = '', value = '']) => [key, value]));
  const timeoutSeconds = Number(tagValue(tags, 'timeout') ?? params.timeout);
  return {
    ...request,
    priority: request.priority ?? readPriorityParam(params.priority),
    content,
    inputs: tagsNamed(tags, 'i').map(([, value = '', type]) => ({ value, type: type || 'text' })),
    params,
    timeoutMs: timeoutSeconds > 0 && Number.isFinite(timeoutSeconds) ? timeoutSeconds * 1000 : null,
    isSealed: isEncrypted(event),
    event,
  };
}

/** Reads the priority from a parameter, where some programs write it in the form of the tag. */
function readPriorityParam(text: string | undefined): number | null {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
