import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A posted command is a few words, and so is what is answered. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** Does the request bring the token, as `Authorization: Bearer …`? Takes as long for a wrong one as for the right one. */
export function bearsToken(request: Pick<IncomingMessage, 'headers'>, token: string): boolean {
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
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
