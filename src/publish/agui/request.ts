import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { mediaType } from '../../io/media-type.ts';
import { readBody } from '../../io/read-body.ts';
import { readJson } from '../../model/json.ts';
import { type RunIds, readRunInput } from './run-input.ts';

/** A posted command is a few words, and so is what is answered. */
export const BODY_LIMIT_BYTES = 16 * 1024;
/** Who asks for a run sends along the state and the messages that he has. */
const RUN_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Tells whether the request brings the token, as `Authorization: Bearer …`. A wrong one takes as long as the right one.
 */
export function bearsToken(request: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  return isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`);
}

/** Tells whether the two are the same. Any other text takes as long as the right one. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

/** What was posted to where AG-UI is spoken: the input of a run, or something else, such as a command. */
export type Posted =
  | { readonly kind: 'run'; readonly run: RunIds }
  | { readonly kind: 'document'; readonly document: unknown }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-large' };

/** Reads what was posted; only JSON is read, so that no web page can post anything behind its reader's back. */
export async function readPosted(
  request: IncomingMessage & { readonly body?: unknown },
  limitBytes = RUN_LIMIT_BYTES,
): Promise<Posted> {
  if (mediaType(request.headers['content-type']) !== 'application/json') return { kind: 'not-json' };
  // What a body parser before us has read already, as Express and others keep it: the stream has nothing more.
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
