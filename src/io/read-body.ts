/** Reads the body of a request or a response; null if it is larger than `limitBytes`. Rejects if it is cut off. */
export async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  limitBytes: number,
): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > limitBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
