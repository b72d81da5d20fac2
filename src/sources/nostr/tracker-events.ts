import type { EventTemplate } from 'nostr-tools/core';
import type { Signer } from './signer.ts';
import type { JobRequest } from './tracker-request.ts';
import { type JobState, statusTag } from './tracker-states.ts';

const FEEDBACK_KIND = 7000;
/** A result's kind is its request's plus this (NIP-90). */
const RESULT_OFFSET = 1000;

/** What a provider says of a job at a moment. `progress` is whole, 0–100; `etaMs` the time it will still take. */
export interface JobReport {
  readonly state: JobState;
  readonly progress: number | null;
  readonly etaMs: number | null;
  readonly message: string;
  /** Unix seconds. */
  readonly stamp: number;
}

/** A kind 7000 to be signed. `progress` and `eta` are this project's extension of NIP-90. */
export async function feedbackTemplate(
  request: JobRequest,
  report: JobReport,
  signer: Signer,
): Promise<EventTemplate> {
  const { state, progress, etaMs, stamp } = report;
  const content = await contentFor(request, report.message, signer);
  return {
    kind: FEEDBACK_KIND,
    created_at: stamp,
    content: content.text,
    tags: [
      ['e', request.id],
      ['p', request.requester],
      statusTag(state),
      ...(progress === null ? [] : [['progress', String(progress)]]),
      ...(etaMs === null ? [] : [['eta', String(Math.ceil(etaMs / 1000))]]),
      ...content.tags,
    ],
  };
}

/** A job's result to be signed. The request goes with it, its inputs too unless they are secret. */
export async function resultTemplate(
  request: JobRequest,
  result: string,
  stamp: number,
  signer: Signer,
): Promise<EventTemplate> {
  const content = await contentFor(request, result, signer);
  return {
    kind: request.kind + RESULT_OFFSET,
    created_at: stamp,
    content: content.text,
    tags: [
      ['request', JSON.stringify(request.event)],
      ['e', request.id],
      ['p', request.requester],
      ...(request.encrypted ? [] : request.event.tags.filter(([name]) => name === 'i')),
      ...content.tags,
    ],
  };
}

/** Who asked in secret is answered in secret. */
async function contentFor(request: JobRequest, text: string, signer: Signer) {
  if (!request.encrypted || text === '') return { text, tags: [] };
  return { text: await signer.nip44.encrypt(request.requester, text), tags: [['encrypted']] };
}
