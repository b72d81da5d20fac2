const PIECE_CHARACTERS = 64 * 1024;

/** Splits a text into pieces of about 65,536 characters, never within a surrogate pair. A short text is a single piece. */
export function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = at + PIECE_CHARACTERS;
    const splitsPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    yield text.slice(at, splitsPair ? end + 1 : end);
    at = splitsPair ? end + 1 : end;
  }
}
