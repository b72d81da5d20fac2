import { isUtf8 } from 'node:buffer';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Returns the encoding of a JSON text, or of lines of JSON: determined by a byte order mark, otherwise by the zeros beside
 * its first character, which is ASCII in any JSON. PowerShell's `>` writes UTF-16.
 */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  const [first = 0, second = 0] = bytes;
  if (bytes.length < 2) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** Returns the text in these bytes, including its byte order mark if it has one. */
export function decodeText(bytes: Buffer): string {
  switch (encodingOf(bytes)) {
    case 'utf-16le':
      return bytes.toString('utf16le');
    case 'utf-16be':
      return swapped(bytes).toString('utf16le');
    default:
      return bytes.toString();
  }
}

/** Returns the bytes of a text, in the same encoding as the bytes from which it was decoded. */
export function encodeLike(before: Buffer, text: string): Buffer {
  switch (encodingOf(before)) {
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return swapped(Buffer.from(text, 'utf16le'));
    default:
      return Buffer.from(text);
  }
}

/** Tells whether decoding loses nothing, as it would in an encoding that is unknown here, such as Latin-1. */
export function isDecodable(bytes: Buffer): boolean {
  return encodingOf(bytes) === 'utf-8' ? isUtf8(bytes) : bytes.length % 2 === 0;
}

function swapped(bytes: Buffer): Buffer {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(whole).swap16();
}
