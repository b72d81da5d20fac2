import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A posted command is a few words, and so is what is answered. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** Does the request bring the token, as `Authorization: Bearer …`? Takes as long for a wrong one as for the right one. */
export function bearsToken(request: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  return isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`);
}

/** Are the two the same? Takes as long for any other text as for the right one. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

/** The body of a posted command, or of the answer to it. Rejects where it is larger than 16 KiB. */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > BODY_LIMIT_BYTES) throw new RangeError('too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Of one length, whatever it is made of. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
