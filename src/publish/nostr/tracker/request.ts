import type { Event } from 'nostr-tools/core';
import { decodeRequest } from '../../../nostr/nip90/decode-request.ts';
import type { DecodedRequest, OpenedEvent } from '../../../nostr/nip90/format.ts';
import { isSealed, openSealed } from '../../../nostr/sealed.ts';
import type { Signer } from '../../../nostr/signer.ts';
import { tagsNamed, tagValue } from '../../../nostr/tags.ts';

/** What a provider is asked to do: a job request with all that the work needs. */
export interface JobRequest extends Omit<DecodedRequest, 'name'> {
  readonly content: string;
  readonly inputs: readonly JobInput[];
  /** `param` tags by name; the last one of a name counts. */
  readonly params: Readonly<Record<string, string>>;
  /** How long the work may take, ms. */
  readonly timeoutMs: number | null;
  /** Was it sent encrypted? Then the answers are too (NIP-44). */
  readonly isSealed: boolean;
  /** The request as it was signed. */
  readonly event: Event;
}

/** An `i` tag: a value and what kind of value it is (text, url, event, job). */
export interface JobInput {
  readonly value: string;
  readonly type: string;
}

/** Reads a request, and decrypts it with `signer`. Null where it can't be decrypted: it is not for us, or damaged. */
export async function readJobRequest(event: Event, signer: Signer): Promise<JobRequest | null> {
  if (!isSealed(event)) return readOpened(event, event);
  const opened = await openSealed(event, signer);
  return opened.isLocked ? null : readOpened(opened, event);
}

function readOpened(opened: OpenedEvent, event: Event): JobRequest {
  const { name: _, ...request } = decodeRequest(opened);
  const { tags, content } = opened;
  const params = Object.fromEntries(tagsNamed(tags, 'param').map(([, key = '', value = '']) => [key, value]));
  const timeoutSeconds = Number(tagValue(tags, 'timeout') ?? params.timeout);
  return {
    ...request,
    priority: request.priority ?? readPriorityParam(params.priority),
    content,
    inputs: tagsNamed(tags, 'i').map(([, value = '', type]) => ({ value, type: type || 'text' })),
    params,
    timeoutMs: timeoutSeconds > 0 && Number.isFinite(timeoutSeconds) ? timeoutSeconds * 1000 : null,
    isSealed: isSealed(event),
    event,
  };
}

/** Some write it as a parameter: read as the tag is. */
function readPriorityParam(text: string | undefined): number | null {
  const value = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
