import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { mediaType } from '../../io/media-type.ts';
import { readBody } from '../../io/read-body.ts';
import { readJson } from '../../model/json.ts';
import { type RunIds, readRunInput } from './run-input.ts';

/** A posted command is short, and so is the answer. */
export const BODY_LIMIT_BYTES = 16 * 1024;
/** A request for a run contains the client's state and messages. */
const RUN_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Tells whether the request contains the token, as `Authorization: Bearer …`. Comparing a wrong one takes as long as the right
 * one.
 */
export function bearsToken(request: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  return isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`);
}

/** Tells whether the two are the same. Comparing any other text takes as long as the right one. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

/** What was posted to an AG-UI address: the input of a run, or something else, such as a command. */
export type Posted =
  | { readonly kind: 'run'; readonly run: RunIds }
  | { readonly kind: 'document'; readonly document: unknown }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-large' };

/** Reads what was posted. Only JSON is read, so that no web page can post anything behind its reader's back. */
export async function readPosted(
  request: IncomingMessage & { readonly body?: unknown },
  limitBytes = RUN_LIMIT_BYTES,
): Promise<Posted> {
  if (mediaType(request.headers['content-type']) !== 'application/json') return { kind: 'not-json' };
  // A body parser before us, such as that of Express, has already read it and keeps it here; the stream is empty.
  if (typeof request.body === 'object' && request.body !== null) return runOr(request.body);
  const text = await readBody(request, limitBytes).catch(() => null);
  if (text === null) return { kind: 'too-large' };
  const posted = runOr(readJson(text));
  return posted.kind === 'document' && text.length > BODY_LIMIT_BYTES ? { kind: 'too-large' } : posted;
}

function runOr(document: unknown): Posted {
  const run = readRunInput(document);
  return run ? { kind: 'run', run } : { kind: 'document', document };
}

/** Returns a digest, always of the same length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
