import { readJson } from '../../model/json.ts';
import { endOfKey, endOfValue, NOT_JSON, skipSpace } from './json-end.ts';

const [COMMA, OPEN_LIST, OPEN_OBJECT] = [0x2c, 0x5b, 0x7b] as const;

/**
 * Parses the beginning of a JSON object, as far as it goes: everything that is complete, including the complete items of a
 * list that is cut off. Returns undefined for anything else. It tells what a document is without reading all of it.
 */
export function parseHead(bytes: Buffer): unknown {
  const start = skipSpace(bytes, bytes.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0);
  if (bytes[start] !== OPEN_OBJECT) return undefined;
  let end = start + 1;
  for (let at = end; ; at = end + 1) {
    const value = endOfKey(bytes, skipSpace(bytes, at));
    if (value === NOT_JSON) break;
    const after = endOfValue(bytes, value);
    if (after === NOT_JSON)
      return readJson(`${bytes.toString('utf8', start, end)}${cutList(bytes, at, value)}}`);
    end = skipSpace(bytes, after);
    if (bytes[end] !== COMMA) break;
  }
  return readJson(`${bytes.toString('utf8', start, end)}}`);
}

/** Returns the last key with the complete items of its list; empty if it has no list. */
function cutList(bytes: Buffer, key: number, value: number): string {
  const list = skipSpace(bytes, value);
  if (bytes[list] !== OPEN_LIST) return '';
  let end = list + 1;
  for (let at = end; ; ) {
    const after = endOfValue(bytes, at);
    if (after === NOT_JSON || after === bytes.length) break; // a number may continue
    end = after;
    at = skipSpace(bytes, after) + 1;
    if (bytes[at - 1] !== COMMA) break;
  }
  const comma = bytes[key - 1] === COMMA ? ',' : '';
  return `${comma}${bytes.toString('utf8', key, end)}]`;
}
