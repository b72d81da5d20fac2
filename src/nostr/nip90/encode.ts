import type { Event, EventTemplate } from 'nostr-tools/core';
import {
  DELETION_KIND,
  type ExactState,
  FEEDBACK_KIND,
  readExpiration,
  resultKindOf,
  WORD_FOR_STATE,
} from './format.ts';

/** The events that taskglass writes, in the vocabulary of `format.ts`. Times are epoch ms; events contain whole seconds. */

/** Relays accept events of up to 64 KiB, and a request grows when it is escaped into a tag. */
const LONGEST_CARRIED_REQUEST = 16 * 1024;

/**
 * Encodes the requester's own cancellation of a job (NIP-09). A relay that obeys it deletes the request. So the deletion
 * carries the request, as results do: viewers can still show what was cancelled, and the requester can repeat it.
 */
export function encodeCancellation(
  request: { readonly id: string; readonly kind?: number; readonly event?: Event | null },
  nowMs: number,
): EventTemplate {
  const carried = request.event ? JSON.stringify(request.event) : null;
  return {
    kind: DELETION_KIND,
    created_at: seconds(nowMs),
    tags: [
      ['e', request.id],
      ...(request.kind === undefined ? [] : [['k', String(request.kind)]]),
      ...(carried === null || carried.length > LONGEST_CARRIED_REQUEST ? [] : [['request', carried]]),
    ],
    content: 'cancelled by the requester',
  };
}

/** Encodes a request again, linked to the old one. Its expiration, if any, is postponed. */
export function encodeRetry(request: Event, nowMs: number): EventTemplate {
  const createdAt = seconds(nowMs);
  const expiration = readExpiration(request.tags);
  const tags = request.tags.filter(([name]) => name !== 'retry' && name !== 'expiration');
  if (expiration !== null) {
    tags.push(['expiration', String(createdAt + Math.max(0, expiration - request.created_at))]);
  }
  return {
    kind: request.kind,
    created_at: createdAt,
    tags: [...tags, ['retry', request.id]],
    content: request.content,
  };
}

/** A provider's feedback on a job (kind 7000). */
export interface FeedbackDraft {
  readonly requestId: string;
  readonly requester: string;
  readonly state: ExactState;
  /** Details of the state, in a few words: why it failed, what it waits for. */
  readonly detail?: string;
  /** 0–100; rounded down to a whole number. */
  readonly progress?: number;
  readonly remainingMs?: number;
  readonly content?: string;
  readonly nowMs: number;
}

export function encodeFeedback(draft: FeedbackDraft): EventTemplate {
  const exact = draft.detail ? `${draft.state}: ${draft.detail}` : draft.state;
  const tags = [
    ['e', draft.requestId],
    ['p', draft.requester],
    ['status', WORD_FOR_STATE[draft.state], exact],
  ];
  if (draft.progress !== undefined && Number.isFinite(draft.progress)) {
    tags.push(['progress', String(Math.floor(Math.min(100, Math.max(0, draft.progress))))]);
  }
  if (draft.remainingMs !== undefined && Number.isFinite(draft.remainingMs)) {
    tags.push(['eta', String(Math.max(0, Math.round(draft.remainingMs / 1000)))]);
  }
  return { kind: FEEDBACK_KIND, created_at: seconds(draft.nowMs), tags, content: draft.content ?? '' };
}

/** Encodes a job's result (the request's kind + 1000), with the request in it, as NIP-90 requires. */
export function encodeResult(draft: {
  request: Event;
  content: string;
  /** How long the work took, ms. */
  runtimeMs?: number;
  nowMs: number;
}): EventTemplate {
  const { request, content, runtimeMs, nowMs } = draft;
  const tags = [
    ['request', JSON.stringify(request)],
    ['e', request.id, '', 'request'],
    ['p', request.pubkey],
    ['status', 'success'],
    ...request.tags.filter(([name]) => name === 'i'),
  ];
  if (runtimeMs !== undefined) tags.push(['runtime', String(Math.round(runtimeMs))]);
  return { kind: resultKindOf(request.kind), created_at: seconds(nowMs), tags, content };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
