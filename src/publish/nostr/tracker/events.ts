import type { EventTemplate } from 'nostr-tools/core';
import { encodeFeedback, encodeResult } from '../../../nostr/nip90/encode.ts';
import { FEEDBACK_KIND } from '../../../nostr/nip90/format.ts';
import type { Signer } from '../../../nostr/signer.ts';
import type { JobRequest } from './request.ts';
import type { JobState } from './states.ts';

/** What a provider reports on a job at a moment. `progress` is 0–100; `etaMs` is the time that it will still take. */
export interface JobReport {
  readonly state: JobState;
  readonly progress: number | null;
  readonly etaMs: number | null;
  readonly message: string;
  /** Unix seconds. */
  readonly stamp: number;
}

/** Returns a kind 7000 to be signed. */
export function feedbackTemplate(
  request: JobRequest,
  report: JobReport,
  encrypt: Encrypt,
): Promise<EventTemplate> {
  const { state, progress, etaMs, message, stamp } = report;
  const template = encodeFeedback({
    requestId: request.id,
    requester: request.requester,
    state,
    ...(progress === null ? {} : { progress }),
    ...(etaMs === null ? {} : { remainingMs: etaMs }),
    content: message,
    nowMs: stamp * 1000,
  });
  return encrypt(template, request);
}

/** Returns a job's result to be signed; `runtimeMs` is how long the work took. */
export function resultTemplate(
  request: JobRequest,
  result: { readonly content: string; readonly runtimeMs: number | null; readonly stamp: number },
  encrypt: Encrypt,
): Promise<EventTemplate> {
  const { content, runtimeMs, stamp } = result;
  const template = encodeResult({
    request: request.event,
    content,
    ...(runtimeMs === null ? {} : { runtimeMs }),
    nowMs: stamp * 1000,
  });
  return encrypt(template, request);
}

/** Makes a template fit for its readers: hides what is not for everybody. */
export type Encrypt = (template: EventTemplate, request: JobRequest) => Promise<EventTemplate>;

/**
 * Encrypts the answer to an encrypted request. The tags stay in plain text, because viewers need them and relays index them.
 * The text of feedback becomes a list with one tag: libraries (NDK) expect that, and anything else crashes programs that use
 * them. A result stays a text.
 */
export function encryptForRequester(signer: Signer): Encrypt {
  return async (template, request) => {
    if (!request.isSealed || template.content === '') return template;
    const isFeedback = template.kind === FEEDBACK_KIND;
    const text = isFeedback ? JSON.stringify([['content', template.content]]) : template.content;
    const content = await signer.nip44.encrypt(request.requester, text);
    return { ...template, content, tags: [...template.tags, ['encrypted']] };
  };
}
